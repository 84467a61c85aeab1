package stunnel.parser.syntax;

import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Span;

/**
 * One line of plugstack.conf, as Slurm takes it apart.
 *
 * @param kind what it is
 * @param words all of them, the keyword first; none in an empty line
 * @param comment from the number sign to the end
 */
public record PlugstackLine(Kind kind, List<Word> words, Optional<Span> comment) {
    public PlugstackLine {
        words = List.copyOf(words);
    }

    /** What a line can be. */
    public enum Kind {
        /** Nothing but blanks and a comment. */
        EMPTY,
        /** A plugin without which Slurm does not go on. */
        REQUIRED,
        /** A plugin without which it does. */
        OPTIONAL,
        /** Other files to be read in its place. */
        INCLUDE,
        /** A keyword, and nothing that it is about. */
        KEYWORD_ALONE,
        /** Anything else, which Slurm ignores with an error message. */
        FOREIGN
    }
}
