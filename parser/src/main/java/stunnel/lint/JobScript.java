package stunnel.lint;

import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;
import stunnel.lint.Directive.Argument;
import stunnel.parser.TunnelCompiler;
import stunnel.parser.syntax.Word;
import stunnel.plan.Origin;
import stunnel.plan.Policy;

/** The {@code #SBATCH --tunnel} lines of a job script, as sbatch reads them: up to the first command. */
final class JobScript {
    static final String DIRECTIVE = "#SBATCH";
    private static final String INTERPRETER = "#!";
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final String OPTION = "--tunnel";
    /** getopt_long(3) takes the beginning of an option's name; a shorter one is one of other options too. */
    private static final String SHORTEST = "--tu";

    private final Source source;
    private final boolean privileged;
    private final Policy policy;
    private final Findings findings;
    /** The value that counts: sbatch does not look at the others. */
    private Optional<Word> last = Optional.empty();

    private JobScript(Source source, boolean privileged, Policy policy) {
        this.source = source;
        this.privileged = privileged;
        this.policy = policy;
        this.findings = new Findings(source);
    }

    static List<Diagnostic> lint(Source source, boolean privileged, Policy policy) {
        JobScript script = new JobScript(source, privileged, policy);
        script.lint();
        return script.findings.inOrder();
    }

    private void lint() {
        if (!source.text().startsWith(INTERPRETER)) {
            Span line = source.lineAt(0);
            findings.add(DiagnosticId.SCRIPT_WITHOUT_INTERPRETER, line);
        }
        int windows = source.text().indexOf("\r\n");
        if (windows >= 0) {
            findings.add(DiagnosticId.WINDOWS_SCRIPT, new Span(windows, windows + 1));
        }
        boolean command = false;
        for (Word line : new Word(source.text(), source.span()).split('\n')) {
            if (line.text().startsWith(DIRECTIVE)) {
                Word rest = line.part(DIRECTIVE.length(), line.text().length());
                directive(Directive.of(rest), command);
            } else {
                command |= isCommand(line.text());
            }
        }
        last.ifPresent(this::compile);
    }

    private static boolean isCommand(String line) {
        int at = line.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
        while (at < line.length() && Directive.isBlank(line.charAt(at))) {
            at++;
        }
        return at < line.length() && line.charAt(at) != '#';
    }

    private void directive(Directive directive, boolean late) {
        if (directive.unclosed().isPresent() && !late) {
            Span quote = directive.unclosed().get();
            findings.add(DiagnosticId.DIRECTIVE_QUOTE, quote, "\\" + quote.of(source.text()));
        }
        List<Argument> arguments = directive.arguments();
        for (int i = 0; i < arguments.size(); i++) {
            Word word = arguments.get(i).from(0);
            int equals = word.text().indexOf('=');
            String name = equals < 0 ? word.text() : word.text().substring(0, equals);
            if (!name.startsWith(SHORTEST) || !OPTION.startsWith(name)) {
                continue;
            }
            if (late) {
                findings.add(DiagnosticId.DIRECTIVE_IGNORED, word.span());
                continue;
            }
            boolean apart = equals < 0
                    && i + 1 < arguments.size()
                    && !isOption(arguments.get(i + 1).text());
            i += apart ? 1 : 0;
            Word value =
                    arguments.get(i).from(apart ? 0 : equals < 0 ? word.text().length() : equals + 1);
            Optional<Word> extra = i + 1 < arguments.size()
                    ? Optional.of(arguments.get(i + 1).from(0))
                            .filter(next -> !next.text().startsWith("-"))
                    : Optional.empty();
            tunnel(word, value, extra);
        }
    }

    /** A value may begin with a dash too, but not with two, and one letter is no value. */
    private static boolean isOption(String text) {
        return text.startsWith("--") || (text.startsWith("-") && text.length() == 2);
    }

    private void tunnel(Word option, Word value, Optional<Word> extra) {
        if (value.text().isEmpty()) {
            findings.add(DiagnosticId.DIRECTIVE_WITHOUT_VALUE, option.span());
            return;
        }
        if (last.isPresent()) {
            String better = OPTION + "=" + joined(last.get(), value);
            String line =
                    Integer.toString(source.position(option.span().start()).line());
            findings.add(DiagnosticId.TUNNEL_REPEATED, last.get().span(), line, better);
        }
        Word whole = extra.isPresent() ? withoutComma(value) : value;
        last = Optional.of(whole);
        if (extra.isPresent()) {
            String more = extra.get().text();
            String better = OPTION + "=" + whole.text() + (more.startsWith(",") ? "" : ",") + more;
            findings.add(DiagnosticId.DIRECTIVE_EXTRA_WORD, extra.get().span(), more, better);
        }
    }

    /** Both values as one, or the form of that where it cannot work either. */
    private String joined(Word one, Word two) {
        String joined = one.text() + "," + two.text();
        boolean works = TunnelCompiler.compile(new Source(OPTION, joined), Origin.SBATCH, privileged, policy)
                .plan()
                .isPresent();
        return works ? joined : "FORWARD,FORWARD";
    }

    private static Word withoutComma(Word value) {
        int length = value.text().length();
        boolean comma = value.text().endsWith(",") && value.span().length() == length;
        return comma ? value.part(0, length - 1) : value;
    }

    private void compile(Word value) {
        boolean asItStands = value.span().of(source.text()).equals(value.text());
        Source compiled = asItStands ? source : new Source(OPTION, value.text());
        Span span = asItStands ? value.span() : compiled.span();
        for (Diagnostic found : TunnelCompiler.compile(compiled, span, Origin.SBATCH, privileged, policy)
                .diagnostics()) {
            // With quotes in the middle the places in the value are not those in the line.
            findings.add(asItStands ? found : new Diagnostic(found.id(), source, value.span(), found.arguments()));
        }
    }
}
