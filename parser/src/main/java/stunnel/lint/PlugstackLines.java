package stunnel.lint;

import stunnel.diagnostic.Span;

/** The lines of a plugstack.conf as Slurm's buffer of 4,096 bytes cuts them: at LF, or when it is full. */
final class PlugstackLines {
    /** The most bytes of a line, its LF among them. */
    static final int MOST_BYTES = 4_095;

    /** The most that a char takes in UTF-8. */
    private static final int BYTES_OF_CHAR = 3;

    private final String text;
    private int next;

    PlugstackLines(String text) {
        this.text = text;
    }

    boolean hasNext() {
        return next < text.length();
    }

    /** The next line, without its LF. */
    Span next() {
        int start = next;
        int lf = text.indexOf('\n', start);
        int end = lf < 0 ? text.length() : lf;
        if (end - start <= MOST_BYTES / BYTES_OF_CHAR) {
            next = end + 1;
            return new Span(start, end);
        }
        int bytes = 0;
        while (next < text.length() && text.charAt(next) != '\n') {
            bytes += bytes(text.charAt(next));
            if (bytes > MOST_BYTES) {
                return new Span(start, next);
            }
            next++;
        }
        next++;
        return new Span(start, next - 1);
    }

    /** The size of a stretch of text in UTF-8. */
    static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            bytes += bytes(text.charAt(i));
        }
        return bytes;
    }

    /** Each half of a surrogate pair is two of the pair's four bytes. */
    private static int bytes(char c) {
        return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
}
