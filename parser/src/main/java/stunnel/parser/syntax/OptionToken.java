package stunnel.parser.syntax;

/**
 * A token of an option, for whoever explains why the option has no shape.
 *
 * @param kind what the lexer makes of it
 * @param word as it stands in the source, with its quotes
 */
public record OptionToken(Kind kind, Word word) {

    /** What a token can be. */
    public enum Kind {
        /** {@code |}. */
        BAR,
        /** The first of these ends the key; the others are text. */
        EQUALS,
        /** A descriptor, or text. */
        DIGITS,
        /** Text, quoted or not. */
        TEXT,
        /** {@code <}, {@code >}, {@code >>} or {@code &>}. */
        TO_FILE,
        /** {@code >&}. */
        DUPLICATE,
        /** A blank, which Slurm splits at. */
        BLANKS,
        /** What a shell would run or expand. */
        SHELL,
        /** A redirection that the plugin does not know. */
        UNSUPPORTED,
        /** A quote without its end. */
        UNTERMINATED,
        /** A control character, or a backslash with nothing behind it. */
        UNEXPECTED
    }
}
