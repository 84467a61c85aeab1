package stunnel.diagnostic;

import java.util.List;

/**
 * One thing that is wrong, or may be.
 *
 * @param id which one of the catalogue
 * @param source the text it is about
 * @param span where in the text
 * @param arguments what the catalogue's templates leave open
 */
public record Diagnostic(DiagnosticId id, Source source, Span span, List<String> arguments) {
    public Diagnostic {
        arguments = List.copyOf(arguments);
        if (span.end() > source.text().length()) {
            throw new IllegalArgumentException(span + " is not in " + source.name());
        }
    }

    /** A diagnostic whose templates are filled with the arguments, in order. */
    public static Diagnostic of(DiagnosticId id, Source source, Span span, String... arguments) {
        return new Diagnostic(id, source, span, List.of(arguments));
    }

    /** The severity its id has. */
    public Severity severity() {
        return id.severity();
    }

    /** What is wrong: one line, no full stop. */
    public String message() {
        return id.message(arguments);
    }

    /** The next step: one line. */
    public String hint() {
        return id.hint(arguments);
    }

    /** Whether any of them is an error. */
    public static boolean anyError(List<Diagnostic> diagnostics) {
        for (Diagnostic diagnostic : diagnostics) {
            if (diagnostic.severity() == Severity.ERROR) {
                return true;
            }
        }
        return false;
    }
}
