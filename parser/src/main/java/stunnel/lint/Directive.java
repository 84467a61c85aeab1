package stunnel.lint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;

/**
 * A directive split the way sbatch does (_get_argument in its opt.c): at the blanks of C, with quotes that hold blanks, with
 * a backslash that takes the meaning of the next character but a blank, in quotes of both kinds too, and up to a number sign.
 */
final class Directive {
    private final String text;
    private final int start;
    private final List<Argument> arguments = new ArrayList<>();
    private Optional<Span> unclosed = Optional.empty();

    private Directive(Word directive) {
        this.text = directive.text();
        this.start = directive.span().start();
    }

    /** What stands behind {@code #SBATCH}. */
    static Directive of(Word word) {
        Directive directive = new Directive(word);
        int at = directive.skipBlanks(0);
        while (at < word.text().length() && word.text().charAt(at) != '#') {
            at = directive.skipBlanks(directive.argument(at));
        }
        return directive;
    }

    /** Its words; without the one that has no end. */
    List<Argument> arguments() {
        return arguments;
    }

    /** The quote that is not closed. */
    Optional<Span> unclosed() {
        return unclosed;
    }

    /** What isspace(3) takes for a blank. */
    static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private int skipBlanks(int from) {
        int at = from;
        while (at < text.length() && isBlank(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Takes the word that begins here; where it ends. */
    private int argument(int from) {
        Argument argument = new Argument();
        int quote = -1;
        int at = from;
        while (at < text.length() && (quote >= 0 || !isBlank(text.charAt(at)))) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
                boolean ends = at == text.length() || (quote < 0 && isBlank(text.charAt(at)));
                at += ends ? 0 : argument.add(text.charAt(at), start + at);
            } else if (c == '#' && quote < 0) {
                // The rest of the line is a comment.
                at = text.length();
            } else if (quote >= 0 ? c == text.charAt(quote) : c == '"' || c == '\'') {
                quote = quote < 0 ? at : -1;
                at++;
            } else {
                at += argument.add(c, start + at);
            }
        }
        if (quote >= 0) {
            unclosed = Optional.of(new Span(start + quote, start + quote + 1));
        } else {
            argument.end = argument.places.isEmpty() ? start + from : argument.end;
            arguments.add(argument);
        }
        return at;
    }

    /** A word without its quotes, which knows where each of its characters stands. */
    static final class Argument {
        private final StringBuilder text = new StringBuilder();
        private final List<Integer> places = new ArrayList<>();
        private int end;

        private int add(char c, int place) {
            text.append(c);
            places.add(place);
            end = place + 1;
            return 1;
        }

        String text() {
            return text.toString();
        }

        /** From a character on; its span holds more than its text where a quote or a backslash stands in between. */
        Word from(int index) {
            int first = index < places.size() ? places.get(index) : end;
            return new Word(text.substring(index), new Span(first, end));
        }
    }
}
