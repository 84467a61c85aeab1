package stunnel.parser.syntax;

import java.util.ArrayList;
import java.util.List;
import stunnel.diagnostic.Span;

/**
 * A piece of a source that means one thing.
 *
 * @param text what it says, without the quotes it may have had
 * @param span where it stands in the source
 */
public record Word(String text, Span span) {

    /** A stretch of a source as it stands there. */
    public static Word at(Span span, String source) {
        return new Word(span.of(source), span);
    }

    /** The pieces between a separator, one more than there are separators. */
    public List<Word> split(char separator) {
        List<Word> words = new ArrayList<>();
        int start = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, start)) {
            words.add(part(start, at));
            start = at + 1;
        }
        words.add(part(start, text.length()));
        return words;
    }

    /** A part of an unquoted word. */
    public Word part(int from, int to) {
        return new Word(text.substring(from, to), new Span(span.start() + from, span.start() + to));
    }
}
