package stunnel.diagnostic;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what a compiler finds in one source. */
public final class Findings {
    /** No lambda: warnings are sorted on the way to a verdict, which a user waits for. */
    private static final Comparator<Diagnostic> BY_START = new Comparator<>() {
        @Override
        public int compare(Diagnostic one, Diagnostic two) {
            return Integer.compare(one.span().start(), two.span().start());
        }
    };

    private final Source source;
    private final List<Diagnostic> found = new ArrayList<>();

    /** Nothing found yet. */
    public Findings(Source source) {
        this.source = source;
    }

    /** The text that is compiled. */
    public Source source() {
        return source;
    }

    /** Adds one, its templates filled with the arguments in order. */
    public void add(DiagnosticId id, Span span, String... arguments) {
        found.add(Diagnostic.of(id, source, span, arguments));
    }

    /** Adds one that another compiler found in the same source. */
    public void add(Diagnostic diagnostic) {
        found.add(diagnostic);
    }

    /** How many there are; a caller compares it with an earlier count. */
    public int count() {
        return found.size();
    }

    /** All of them, in the order of the text. */
    public List<Diagnostic> inOrder() {
        if (found.size() > 1) {
            found.sort(BY_START);
        }
        return List.copyOf(found);
    }
}
