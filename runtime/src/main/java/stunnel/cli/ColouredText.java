package stunnel.cli;

import java.util.List;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticText;
import stunnel.diagnostic.Severity;

/** Diagnostics as text with the colours that compilers use. */
final class ColouredText {
    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[1;31m";
    private static final String MAGENTA = "\u001b[1;35m";
    private static final String CYAN = "\u001b[36m";
    private static final String PLAIN = "\u001b[0m";

    private ColouredText() {}

    static String of(List<Diagnostic> diagnostics) {
        StringBuilder text = new StringBuilder();
        for (Diagnostic diagnostic : diagnostics) {
            String colour = diagnostic.severity() == Severity.ERROR ? RED : MAGENTA;
            // Headline, line, carets, hint: nothing in them breaks a line.
            List<String> lines =
                    DiagnosticText.render(List.of(diagnostic)).lines().toList();
            String severity = ": " + diagnostic.severity().text() + ": ";
            int at = lines.get(0).indexOf(severity);
            String place = lines.get(0).substring(0, at + 2);
            String what = lines.get(0).substring(at + severity.length());
            text.append(BOLD).append(place).append(colour).append(severity.substring(2));
            text.append(PLAIN).append(BOLD).append(what).append(PLAIN).append('\n');
            text.append(lines.get(1)).append('\n');
            text.append(colour).append(lines.get(2)).append(PLAIN).append('\n');
            text.append(CYAN).append(lines.get(3)).append(PLAIN).append('\n');
        }
        return text.toString();
    }
}
