package stunnel.lint;

import java.util.ArrayList;
import java.util.List;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;

/** Splits a directive the way sbatch does: at blanks, with quotes and backslashes, up to a word that begins with #. */
final class Directive {
    private Directive() {}

    static List<Word> words(Word directive) {
        List<Word> words = new ArrayList<>();
        String text = directive.text();
        int at = 0;
        while (at < text.length()) {
            if (Character.isWhitespace(text.charAt(at))) {
                at++;
            } else if (text.charAt(at) == '#') {
                break;
            } else {
                int end = end(text, at);
                words.add(unquoted(directive, at, end));
                at = end;
            }
        }
        return words;
    }

    private static int end(String text, int start) {
        char quote = 0;
        int at = start;
        while (at < text.length() && (quote != 0 || !Character.isWhitespace(text.charAt(at)))) {
            char c = text.charAt(at);
            if (c == '\\' && quote != '\'') {
                at++;
            } else if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            }
            at++;
        }
        return Math.min(at, text.length());
    }

    /** A word of which the last part may be quoted, as in {@code --tunnel="8001"}: its span then begins at the quote. */
    private static Word unquoted(Word directive, int start, int end) {
        Word word = directive.part(start, end);
        int quote = Math.max(word.text().indexOf('"'), word.text().indexOf('\''));
        boolean closed = quote >= 0
                && quote < word.text().length() - 1
                && word.text().endsWith(word.text().substring(quote, quote + 1));
        if (!closed) {
            return word;
        }
        String plain = word.text().substring(0, quote)
                + word.text().substring(quote + 1, word.text().length() - 1);
        int close = word.span().end() - 1;
        return new Word(plain, new Span(close - plain.length(), close));
    }
}
