package stunnel.parser.syntax;

import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Span;

/** The parsers of the three languages. */
public final class Syntax {
    private Syntax() {}

    /**
     * The forwards that a part of a text consists of; empty where its shape is wrong.
     *
     * @param text the source's text
     * @param span the part to parse: a whole value, or one forward of it
     */
    public static Optional<List<ForwardSyntax>> forwards(String text, Span span) {
        return new ForwardReader(text).read(span);
    }

    /**
     * One option of the plugstack line; empty where its shape is wrong.
     *
     * @param text the source's text
     * @param span the option in it
     */
    public static Optional<OptionSyntax> option(String text, Span span) {
        return new OptionReader(text).read(span);
    }

    /**
     * The tokens of an option that has no shape.
     *
     * @param text the source's text
     * @param span the option in it
     */
    public static List<OptionToken> optionTokens(String text, Span span) {
        return new OptionReader(text).tokens(span);
    }

    /**
     * One line of plugstack.conf; each text is one.
     *
     * @param text the source's text
     * @param span the line in it
     */
    public static PlugstackLine plugstackLine(String text, Span span) {
        return new PlugstackReader(text).read(span);
    }
}
