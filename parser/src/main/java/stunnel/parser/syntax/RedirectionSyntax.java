package stunnel.parser.syntax;

import java.util.Optional;
import stunnel.diagnostic.Span;

/**
 * A redirection as it is written.
 *
 * @param span all of it
 * @param operator what it does
 * @param fd the descriptor in front of the operator
 * @param target a path, quotes taken off, or the descriptor that is copied
 */
public record RedirectionSyntax(Span span, Operator operator, Optional<Word> fd, Word target) {

    /** The redirections of a shell that the plugin knows. */
    public enum Operator {
        /** {@code <}. */
        READ,
        /** {@code >}. */
        WRITE,
        /** {@code >>}. */
        APPEND,
        /** {@code >&}. */
        DUPLICATE,
        /** {@code &>}. */
        WRITE_BOTH
    }
}
