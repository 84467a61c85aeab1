package stunnel.config.hocon;

import java.util.Optional;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;

/** How much a settings file and what it includes may have of that which takes Typesafe Config more than linear time. */
final class Bounds {
    /** Keys, texts, and what is put together of words. */
    private static final int LONGEST_LINE = 1_024;

    /** Lists side by side are joined, and sections are copied once for each that they are in. */
    private static final int MOST_BRACKETS = 1_000;

    /** Each may double the length of a value, and the time to resolve them grows with their square. */
    private static final int MOST_REFERENCES = 16;

    /** Each setting is merged with what is known of its sections, each of which is made for it. */
    private static final int MOST_SEPARATORS = 8_000;

    private int brackets;
    private int separators;
    private int references;

    /** The first thing there is too much of, together with the texts before. */
    Optional<Diagnostic> exceeded(Source source) {
        String text = source.text();
        int line = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            line = c == '\n' ? 0 : line + 1;
            brackets += c == '[' || c == '{' ? 1 : 0;
            separators += c == '=' || c == ':' || c == '.' ? 1 : 0;
            references += text.startsWith("${", at) || text.startsWith("+=", at) ? 1 : 0;
            if (line > LONGEST_LINE) {
                return exceeded(source, at, 1, "the line has more than 1,024 characters");
            }
            if (brackets > MOST_BRACKETS) {
                return exceeded(source, at, 1, "there are more than 1,000 lists and sections");
            }
            if (separators > MOST_SEPARATORS) {
                return exceeded(source, at, 1, "there are more than 8,000 equals signs, colons and dots");
            }
            if (references > MOST_REFERENCES) {
                return exceeded(source, at, 2, "there are more than 16 references to settings");
            }
        }
        return Optional.empty();
    }

    private static Optional<Diagnostic> exceeded(Source source, int at, int length, String what) {
        return Optional.of(Diagnostic.of(DiagnosticId.CONF_SYNTAX, source, new Span(at, at + length), what));
    }
}
