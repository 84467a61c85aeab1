package stunnel.diagnostic;

/**
 * A text and where it came from.
 *
 * @param name a file's path, or what stands for it: {@code --tunnel}
 * @param text all of it; lines end in LF
 */
public record Source(String name, String text) {

    /** All of the text. */
    public Span span() {
        return new Span(0, text.length());
    }

    /** Where an offset of the text is: the one place that counts from 1. */
    public Position position(int offset) {
        int line = 1;
        int lineStart = 0;
        for (int at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
            line++;
            lineStart = at + 1;
        }
        return new Position(line, offset - lineStart + 1);
    }

    /** The line that holds an offset, without its LF. */
    public Span lineAt(int offset) {
        int start = text.lastIndexOf('\n', offset - 1) + 1;
        int end = text.indexOf('\n', offset);
        return new Span(start, end < 0 ? text.length() : end);
    }
}
