package stunnel.diagnostic;

import java.util.List;

/** Diagnostics as people read them: where and what, the line, carets under the mistake, the next step. */
public final class DiagnosticText {
    /** A value may have 65,536 characters in its one line; this many of them are shown around a mistake. */
    private static final int WIDTH = 96;

    private static final String INDENT = "    ";
    private static final String CUT = "...";

    private DiagnosticText() {}

    /** All of them, in order; each line ends in LF, and no diagnostics give no text. */
    public static String render(List<Diagnostic> diagnostics) {
        return render(diagnostics, Integer.MAX_VALUE);
    }

    /**
     * As many as fit, in order, and a line that counts the rest.
     *
     * @param most the characters that there is room for; the line that counts the rest is not among them
     */
    public static String render(List<Diagnostic> diagnostics, int most) {
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

    private static void append(Diagnostic diagnostic, StringBuilder text) {
        appendHeadline(diagnostic, text);
        appendExcerpt(diagnostic.source(), diagnostic.span(), text);
        text.append("  hint: ").append(diagnostic.hint()).append('\n');
    }

    private static void appendHeadline(Diagnostic diagnostic, StringBuilder text) {
        Position position = diagnostic.source().position(diagnostic.span().start());
        text.append(Printable.of(diagnostic.source().name()));
        text.append(':').append(position.line()).append(':').append(position.column());
        text.append(": ").append(diagnostic.severity().text()).append(": ").append(diagnostic.message());
        text.append(" [").append(diagnostic.id().text()).append("]\n");
    }

    private static void appendExcerpt(Source source, Span span, StringBuilder text) {
        Span line = source.lineAt(span.start());
        int end = Math.min(span.end(), line.end());
        int from = line.start();
        int to = line.end();
        if (to - from > WIDTH) {
            // A third of the width before the mistake, the rest from there on.
            from = Math.max(from, Math.min(span.start() - WIDTH / 3, to - WIDTH));
            to = Math.min(to, from + WIDTH);
        }
        String before = from > line.start() ? CUT : "";
        String after = to < line.end() ? CUT : "";
        String shown = Printable.of(source.text().substring(from, to));
        text.append(INDENT).append(before).append(shown).append(after).append('\n');
        text.append(INDENT).append(" ".repeat(before.length() + columns(source, from, span.start())));
        text.append("^".repeat(Math.max(1, columns(source, span.start(), Math.min(end, to)))))
                .append('\n');
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
