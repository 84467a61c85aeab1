package stunnel.parser.syntax;

import java.util.Optional;
import stunnel.diagnostic.Span;

/**
 * A forward whose shape is right, and whose values are unchecked.
 *
 * @param span all of it
 * @param name what stands before {@code =}
 * @param direction the capital letter
 * @param bind the address to listen on
 * @param listen a port, a range, {@code auto} or a path
 * @param host the destination's host
 * @param target the destination's port, range or path; empty for the same port and for a dynamic forward
 */
public record ForwardSyntax(
        Span span,
        Optional<Word> name,
        Optional<Word> direction,
        Optional<Word> bind,
        Word listen,
        Optional<Word> host,
        Optional<Word> target) {}
