package stunnel.lint;

import java.util.ArrayList;
import java.util.List;
import stunnel.config.PluginArgument;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;

/** The options of one line: finds the values that a blank has cut, and leaves the others to their compiler. */
final class PluginOptions {
    private PluginOptions() {}

    /** The whole options among the words behind a plugin; one that was cut is reported once, with its pieces. */
    static List<PluginArgument> whole(List<Word> words, Findings findings) {
        List<PluginArgument> whole = new ArrayList<>();
        int next = 0;
        while (next < words.size()) {
            Word word = words.get(next);
            int closing = lastOfQuote(words, next);
            int last = lastPiece(words, closing);
            if (closing > next) {
                Span span = word.span().to(words.get(last).span());
                findings.add(DiagnosticId.QUOTED_BLANK, span, better(span, findings));
            } else if (last > next) {
                Span rest = words.get(next + 1).span().to(words.get(last).span());
                Span span = word.span().to(rest);
                findings.add(DiagnosticId.BLANK_IN_OPTION, rest, better(span, findings));
            } else {
                whole.add(new PluginArgument(findings.source(), word.span()));
            }
            next = last + 1;
        }
        return whole;
    }

    private static String better(Span span, Findings findings) {
        return span.of(findings.source().text()).replaceAll("[ \t]+", "|");
    }

    private static int lastPiece(List<Word> words, int first) {
        int last = first;
        while (last + 1 < words.size() && isPiece(words.get(last + 1).text())) {
            last++;
        }
        return last;
    }

    /** The index of the word that closes a quote which this one opens; the same index where there is none. */
    private static int lastOfQuote(List<Word> words, int first) {
        char quote = 0;
        for (int i = first; i < words.size(); i++) {
            quote = openQuote(words.get(i).text(), quote);
            if (quote == 0) {
                return i;
            }
        }
        return first;
    }

    /** The quote that is open behind a word; 0 for none. */
    private static char openQuote(String word, char before) {
        if (before == 0 && word.indexOf('"') < 0 && word.indexOf('\'') < 0) {
            return 0;
        }
        char quote = before;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '\\' && quote != '\'') {
                i++;
            } else if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            }
        }
        return quote;
    }

    /** An option begins with a key of lower-case letters; ssh's options, its keywords and redirections do not. */
    private static boolean isPiece(String word) {
        int equals = word.indexOf('=');
        return equals < 0 ? !PluginArgument.isKey(word) : !Character.isLowerCase(word.charAt(0));
    }
}
