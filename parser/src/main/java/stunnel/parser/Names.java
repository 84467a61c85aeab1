package stunnel.parser;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;

/** The names of the forwards so far: what the job's environment can hold, and each once, whatever its case. */
final class Names {
    private final Findings findings;
    private final Map<String, Span> forwards = new HashMap<>();

    Names(Findings findings) {
        this.findings = findings;
    }

    /** Reports a name that is none, or is taken. */
    void check(Word name, Span forward) {
        String nearest = nearest(name.text());
        if (!name.text().equals(nearest)) {
            findings.add(DiagnosticId.BAD_NAME, name.span(), name.text(), nearest);
            return;
        }
        Span taken = forwards.putIfAbsent(name.text().toUpperCase(Locale.ROOT), forward);
        if (taken != null) {
            String owner = taken.of(findings.source().text());
            findings.add(DiagnosticId.DUPLICATE_NAME, name.span(), name.text(), owner);
        }
    }

    /** The text itself if it is a name, else one that is near. */
    private static String nearest(String text) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            name.append(Text.isLetterOrDigit(c) ? c : '_');
        }
        return name.length() > 0 && Text.isLetter(name.charAt(0)) ? name.toString() : "web" + name;
    }
}
