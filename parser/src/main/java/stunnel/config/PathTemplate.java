package stunnel.config;

import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;

/** A path in which {@code %u}, {@code %j} and {@code %h} stand for the user's id, the job and the host. */
final class PathTemplate {
    private static final String TOKENS = "ujh%";

    private PathTemplate() {}

    /** Reports a path that is relative, and each token that stands for nothing. */
    static void check(Word path, Findings findings) {
        String text = path.text();
        if (!text.startsWith("/")) {
            findings.add(DiagnosticId.PATH_NOT_ABSOLUTE, path.span(), text);
        }
        for (int at = text.indexOf('%'); at >= 0; at = text.indexOf('%', at + 2)) {
            String token = text.substring(at, Math.min(at + 2, text.length()));
            if (token.length() < 2 || TOKENS.indexOf(token.charAt(1)) < 0) {
                // The quotes of the word make its text and its span differ: then the word is marked.
                boolean plain = path.span().length() == text.length();
                int start = path.span().start() + at;
                Span span = plain ? new Span(start, start + token.length()) : path.span();
                findings.add(DiagnosticId.UNKNOWN_TOKEN, span, token);
            }
        }
    }

    /** Whether the token stands in the path. */
    static boolean names(String path, char token) {
        for (int at = path.indexOf('%'); at >= 0 && at + 1 < path.length(); at = path.indexOf('%', at + 2)) {
            if (path.charAt(at + 1) == token) {
                return true;
            }
        }
        return false;
    }
}
