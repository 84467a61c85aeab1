package stunnel.lint;

import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;
import stunnel.parser.TunnelCompiler;
import stunnel.parser.syntax.Word;
import stunnel.plan.Origin;

/** The {@code #SBATCH --tunnel} lines of a job script, as sbatch reads them: up to the first command. */
final class JobScript {
    static final String DIRECTIVE = "#SBATCH";
    private static final String OPTION = "--tunnel";

    private final Source source;
    private final boolean privileged;
    private final Findings findings;
    private Optional<Word> last = Optional.empty();

    private JobScript(Source source, boolean privileged) {
        this.source = source;
        this.privileged = privileged;
        this.findings = new Findings(source);
    }

    static List<Diagnostic> lint(Source source, boolean privileged) {
        JobScript script = new JobScript(source, privileged);
        int windows = source.text().indexOf("\r\n");
        if (windows >= 0) {
            script.findings.add(DiagnosticId.WINDOWS_SCRIPT, new Span(windows, windows + 1));
        }
        boolean command = false;
        for (Word line : new Word(source.text(), source.span()).split('\n')) {
            if (line.text().startsWith(DIRECTIVE)) {
                script.directive(line, command);
            } else {
                String plain = line.text().strip();
                command |= !plain.isEmpty() && !plain.startsWith("#");
            }
        }
        return script.findings.inOrder();
    }

    private void directive(Word line, boolean late) {
        List<Word> words =
                Directive.words(line.part(DIRECTIVE.length(), line.text().length()));
        for (int i = 0; i < words.size(); i++) {
            Word word = words.get(i);
            boolean bare = word.text().equals(OPTION);
            if (!bare && !word.text().startsWith(OPTION + "=")) {
                continue;
            }
            if (late) {
                findings.add(DiagnosticId.DIRECTIVE_IGNORED, word.span());
                continue;
            }
            Word value = bare
                    ? next(words, i)
                    : word.part(OPTION.length() + 1, word.text().length());
            tunnel(word, value);
            i += bare ? 1 : 0;
        }
    }

    /** The word behind an option; nothing, at the end of it, if there is none. */
    private static Word next(List<Word> words, int option) {
        Span end = words.get(option).span();
        return option + 1 < words.size() ? words.get(option + 1) : new Word("", new Span(end.end(), end.end()));
    }

    private void tunnel(Word option, Word value) {
        if (value.text().isEmpty()) {
            findings.add(DiagnosticId.DIRECTIVE_WITHOUT_VALUE, option.span());
            return;
        }
        if (last.isPresent()) {
            String better = OPTION + "=" + last.get().text() + "," + value.text();
            String line =
                    Integer.toString(source.position(option.span().start()).line());
            findings.add(DiagnosticId.TUNNEL_REPEATED, last.get().span(), line, better);
        }
        last = Optional.of(value);
        for (Diagnostic found : TunnelCompiler.compile(source, value.span(), Origin.SBATCH, privileged)
                .diagnostics()) {
            findings.add(found);
        }
    }
}
