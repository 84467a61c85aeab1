package stunnel.diagnostic;

import java.util.List;

/**
 * Diagnostics as people read them: where and what, the line, carets under the mistake, the next step.
 *
 * @param width what they are laid out for
 * @param colour whether they have the colours that compilers use
 */
public record DiagnosticText(Width width, boolean colour) {
    /** For whoever does not know of a terminal. */
    public static final DiagnosticText PLAIN = new DiagnosticText(Width.ANY, false);

    /** A value may have 65,536 characters in its one line; so many columns of it are shown where no terminal has others. */
    private static final int EXCERPT = 96;

    private static final int SHORTEST_EXCERPT = 20;
    private static final String INDENT = "    ";
    private static final String CUT = "...";

    private static final String BOLD = "\u001b[1m";
    private static final String RED = "\u001b[1;31m";
    private static final String MAGENTA = "\u001b[1;35m";
    private static final String CYAN = "\u001b[36m";
    private static final String NORMAL = "\u001b[0m";

    /** All of them, in order, in plain text; each line ends in LF, and no diagnostics give no text. */
    public static String render(List<Diagnostic> diagnostics) {
        return PLAIN.of(diagnostics);
    }

    /** All of them, in order; each line ends in LF, and no diagnostics give no text. */
    public String of(List<Diagnostic> diagnostics) {
        return of(diagnostics, Integer.MAX_VALUE);
    }

    /**
     * As many as fit, in order, and a line that counts the rest.
     *
     * @param most the characters that there is room for; the line that counts the rest is not among them
     */
    public String of(List<Diagnostic> diagnostics, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < diagnostics.size(); i++) {
            int before = text.length();
            append(diagnostics.get(i), text);
            if (text.length() > most) {
                text.setLength(before);
                text.append("... and ").append(diagnostics.size() - i).append(" more\n");
                break;
            }
        }
        return text.toString();
    }

    private void append(Diagnostic diagnostic, StringBuilder text) {
        String severity = diagnostic.severity() == Severity.ERROR ? RED : MAGENTA;
        text.append(width.folded(headline(diagnostic, severity))).append('\n');
        appendExcerpt(diagnostic.source(), diagnostic.span(), severity, text);
        text.append(width.folded("  " + in(CYAN, "hint: " + diagnostic.hint()))).append('\n');
    }

    private String in(String shade, String words) {
        return colour ? shade + words + NORMAL : words;
    }

    private String headline(Diagnostic diagnostic, String severity) {
        Position position = diagnostic.source().position(diagnostic.span().start());
        String place = Printable.of(diagnostic.source().name()) + ":" + position.line() + ":" + position.column() + ":";
        return in(BOLD, place)
                + " "
                + in(severity, diagnostic.severity().text() + ":")
                + " "
                + in(BOLD, diagnostic.message() + " [" + diagnostic.id().text() + "]");
    }

    private void appendExcerpt(Source source, Span span, String severity, StringBuilder text) {
        int most = width.columns() == 0
                ? EXCERPT
                : Math.max(SHORTEST_EXCERPT, width.columns() - INDENT.length() - 2 * CUT.length());
        Span line = source.lineAt(span.start());
        int from = line.start();
        int to = line.end();
        if (to - from > 2 * most || columns(source, from, to) > most) {
            // A third of the columns before the mistake, the rest from there on.
            from = before(source, span.start(), from, most / 3);
            to = behind(source, from, to, most);
            from = to < line.end() ? from : before(source, to, line.start(), most);
        }
        String cutBefore = from > line.start() ? CUT : "";
        String cutBehind = to < line.end() ? CUT : "";
        String shown = Printable.of(source.text().substring(from, to));
        text.append(INDENT).append(cutBefore).append(shown).append(cutBehind).append('\n');
        int marked = columns(source, span.start(), Math.min(span.end(), to));
        text.append(INDENT)
                .append(" ".repeat(cutBefore.length() + columns(source, from, span.start())))
                .append(in(severity, "^".repeat(Math.max(1, marked))))
                .append('\n');
    }

    /** As far before an offset as so many columns reach, and not before {@code least}. */
    private static int before(Source source, int offset, int least, int columns) {
        int at = offset;
        int left = columns;
        while (at > least) {
            int codePoint = source.text().codePointBefore(at);
            left -= Printable.columns(codePoint);
            if (left < 0) {
                break;
            }
            at -= Character.charCount(codePoint);
        }
        return at;
    }

    /** As far behind an offset as so many columns reach, and not behind {@code most}. */
    private static int behind(Source source, int offset, int most, int columns) {
        int at = offset;
        int left = columns;
        while (at < most) {
            int codePoint = source.text().codePointAt(at);
            left -= Printable.columns(codePoint);
            if (left < 0) {
                break;
            }
            at += Character.charCount(codePoint);
        }
        return at;
    }

    /** The columns of a terminal that a stretch of text takes; half of a surrogate pair takes one too. */
    private static int columns(Source source, int from, int to) {
        int columns = 0;
        int at = from;
        while (at < to) {
            int codePoint = source.text().codePointAt(at);
            columns += Printable.columns(codePoint);
            at += Character.charCount(codePoint);
        }
        return columns;
    }
}
