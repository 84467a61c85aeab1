package stunnel.parser;

import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.ForwardSyntax;
import stunnel.parser.syntax.Syntax;
import stunnel.parser.syntax.Word;
import stunnel.plan.Forward;
import stunnel.plan.Origin;
import stunnel.plan.Policy;
import stunnel.plan.TunnelPlan;

/** The compiler of the {@code --tunnel} language. */
public final class TunnelCompiler {
    /** The most bytes of a value, in UTF-8. */
    public static final int MOST_BYTES = 65_536;

    private final Source source;
    private final Findings findings;
    private final ForwardCompiler compiler;
    private final ForwardExaminer examiner;
    private final ForwardList forwards;

    private TunnelCompiler(Source source, Origin origin, boolean privileged, Policy policy) {
        this.source = source;
        this.findings = new Findings(source);
        FieldCompiler fields = new FieldCompiler(findings, privileged);
        Names names = new Names(findings);
        this.compiler = new ForwardCompiler(findings, fields, names, origin);
        this.examiner = new ForwardExaminer(findings, fields, names);
        this.forwards = new ForwardList(findings, policy);
    }

    /**
     * Compiles a value; nothing is resolved, bound or connected.
     *
     * @param source the value as it was typed
     * @param origin the command it was given to
     * @param privileged whether the job's user is uid 0, who may listen below port 1024
     */
    public static Compilation compile(Source source, Origin origin, boolean privileged) {
        return compile(source, origin, privileged, Policy.OPEN);
    }

    /**
     * Compiles a value for a site.
     *
     * @param source the value as it was typed
     * @param origin the command it was given to
     * @param privileged whether the job's user is uid 0, who may listen below port 1024
     * @param policy what the site leaves to its users
     */
    public static Compilation compile(Source source, Origin origin, boolean privileged, Policy policy) {
        return compile(new TunnelCompiler(source, origin, privileged, policy), source.span(), origin);
    }

    /**
     * Compiles a value that stands somewhere in a file.
     *
     * @param source the file
     * @param span the value in it
     * @param origin the command it is given to
     * @param privileged whether the job's user is uid 0, who may listen below port 1024
     * @param policy what the site leaves to its users
     */
    public static Compilation compile(Source source, Span span, Origin origin, boolean privileged, Policy policy) {
        return compile(new TunnelCompiler(source, origin, privileged, policy), span, origin);
    }

    private static Compilation compile(TunnelCompiler tunnel, Span span, Origin origin) {
        if (tunnel.isWithinLimits(span)) {
            tunnel.addForwards(span);
        }
        return tunnel.finished(origin);
    }

    /**
     * Compiles forwards that have their shape already.
     *
     * @param source the value that the forwards say
     * @param syntax the forwards, whose spans lie in the source
     * @param origin the command it is given to
     * @param privileged whether the job's user is uid 0, who may listen below port 1024
     */
    public static Compilation compile(Source source, List<ForwardSyntax> syntax, Origin origin, boolean privileged) {
        TunnelCompiler tunnel = new TunnelCompiler(source, origin, privileged, Policy.OPEN);
        if (tunnel.isWithinLimits(source.span())) {
            tunnel.compile(syntax);
        }
        return tunnel.finished(origin);
    }

    private Compilation finished(Origin origin) {
        List<Forward> planned = forwards.finished();
        List<Diagnostic> diagnostics = findings.inOrder();
        return Diagnostic.anyError(diagnostics)
                ? new Compilation(Optional.empty(), diagnostics)
                : new Compilation(Optional.of(new TunnelPlan(origin, planned)), diagnostics);
    }

    /** Checked before a lexer sees it: what is too much is not read. */
    private boolean isWithinLimits(Span span) {
        int bytes = Text.utf8Length(span.of(source.text()));
        if (bytes > MOST_BYTES) {
            Span start = new Span(span.start(), span.start() + 1);
            findings.add(DiagnosticId.SPEC_TOO_LONG, start, Integer.toString(bytes), Integer.toString(MOST_BYTES));
            return false;
        }
        List<Word> words = Word.at(span, source.text()).split(',');
        if (words.size() > ForwardList.MOST) {
            findings.add(
                    DiagnosticId.TOO_MANY_FORWARDS,
                    words.get(ForwardList.MOST).span(),
                    Integer.toString(words.size()),
                    Integer.toString(ForwardList.MOST));
            return false;
        }
        return true;
    }

    private void addForwards(Span span) {
        Optional<List<ForwardSyntax>> whole = Syntax.forwards(source.text(), span);
        if (whole.isPresent()) {
            compile(whole.get());
            return;
        }
        // Something is misshapen: forward by forward, so that each mistake is found, and found once.
        for (Word forward : Word.at(span, source.text()).split(',')) {
            Optional<List<ForwardSyntax>> syntax = Syntax.forwards(source.text(), forward.span());
            if (syntax.isPresent()) {
                compile(syntax.get());
            } else {
                examiner.explain(forward);
            }
        }
    }

    private void compile(List<ForwardSyntax> syntax) {
        for (ForwardSyntax forward : syntax) {
            Optional<ForwardRange> range = compiler.compile(forward);
            if (range.isPresent()) {
                forwards.add(range.get());
            }
        }
    }
}
