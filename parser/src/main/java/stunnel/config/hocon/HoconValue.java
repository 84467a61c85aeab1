package stunnel.config.hocon;

import java.util.List;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;

/**
 * What a settings file says about one path.
 *
 * @param path keys from the root, with dots between them
 * @param kind what it is
 * @param words a scalar as it is written, or the elements of a list
 * @param source the file
 * @param key where the path, or its last key, stands
 * @param value where the value stands, as far as it is in the key's line
 */
public record HoconValue(String path, Kind kind, List<Word> words, Source source, Span key, Span value) {
    public HoconValue {
        words = List.copyOf(words);
    }

    /** What a value can be. */
    public enum Kind {
        /** Words. */
        TEXT("a text"),
        /** A number without a unit. */
        NUMBER("a number"),
        /** True or false. */
        FLAG("true or false"),
        /** Scalars, in order. */
        LIST("a list"),
        /** A section; the values in it follow by themselves. */
        SECTION("a section"),
        /** Null, or a list of something else. */
        OTHER("nothing of use");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The kind, for a sentence. */
        public String text() {
            return text;
        }
    }
}
