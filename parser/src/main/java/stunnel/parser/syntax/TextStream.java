package stunnel.parser.syntax;

import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.IntStream;
import org.antlr.v4.runtime.misc.Interval;

/**
 * A stretch of a text for a lexer, indexed from the text's beginning in UTF-16 code units, as spans are (ANTLR's own
 * streams count code points).
 */
final class TextStream implements CharStream {
    private final String text;
    private final int end;
    private int index;

    TextStream(String text, int start, int end) {
        this.text = text;
        this.index = start;
        this.end = end;
    }

    @Override
    public void consume() {
        if (index == end) {
            throw new IllegalStateException("cannot consume EOF");
        }
        index++;
    }

    @Override
    public int LA(int offset) {
        int at = index + (offset > 0 ? offset - 1 : offset);
        return offset == 0 || at < 0 || at >= end ? IntStream.EOF : text.charAt(at);
    }

    /** The whole text is there: nothing needs to be kept. */
    @Override
    public int mark() {
        return -1;
    }

    @Override
    public void release(int marker) {}

    @Override
    public int index() {
        return index;
    }

    @Override
    public void seek(int to) {
        index = Math.min(to, end);
    }

    @Override
    public int size() {
        return end;
    }

    @Override
    public String getSourceName() {
        return IntStream.UNKNOWN_SOURCE_NAME;
    }

    @Override
    public String getText(Interval interval) {
        return text.substring(interval.a, Math.min(interval.b + 1, end));
    }
}
