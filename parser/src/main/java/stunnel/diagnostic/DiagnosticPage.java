package stunnel.diagnostic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What there is to say about a diagnostic without a text that has it: the page of {@code --explain}, and a row of the manual.
 *
 * @param id which one
 * @param message what is wrong, with dots for what depends on the text
 * @param hint the next step, the same way
 * @param reason why it is wrong, or what would happen
 */
public record DiagnosticPage(DiagnosticId id, String message, String hint, String reason) {
    private static final int MOST_ARGUMENTS = 10;
    private static final List<String> DOTS = Collections.nCopies(MOST_ARGUMENTS, "\u2026");

    /** The page of a diagnostic. */
    public static DiagnosticPage of(DiagnosticId id) {
        return new DiagnosticPage(id, id.message(DOTS), id.hint(DOTS), id.reason());
    }

    /** A hint for an id that is none. */
    public static String suggestion(String id) {
        List<String> known = new ArrayList<>();
        for (DiagnosticId each : DiagnosticId.values()) {
            known.add(each.text());
        }
        return Suggestion.hint(id, known);
    }

    /** The page as text, with an example; each line ends in LF. */
    public String text() {
        String title = id.text() + " (" + id.severity().text() + ")";
        String wording = "  " + message + "\n  hint: " + hint + "\n";
        return title + "\n\n" + reason + "\n\n" + wording + "\nFor example:\n\n" + Examples.of(id);
    }
}
