package stunnel.diagnostic;

import java.util.ArrayList;
import java.util.List;

/**
 * The columns that text is laid out for. Lines are folded between words, and nothing is left out: a word that is longer than a line
 * stays in one piece, which the terminal folds, and so does what stands in backquotes, for somebody may want to copy it.
 *
 * @param columns of a terminal; 0 where there is none, so that files and pipes get the same text everywhere
 */
public record Width(int columns) {
    /** Lines are as long as what they say. */
    public static final Width ANY = new Width(0);

    private static final int DEEPER = 2;
    private static final char ESCAPE = '\u001b';

    /** Each line of a text by itself, its continuation a little deeper than its beginning. */
    public String folded(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        for (String line : text.split("\n", -1)) {
            int indent = line.length() - line.stripLeading().length();
            folded.append(folded.isEmpty() ? "" : "\n");
            fold(line.substring(0, indent), line.substring(indent), indent + DEEPER, folded);
        }
        return folded.toString();
    }

    /** The last cell of a row, in the columns right of the others; where one of its words has no room there, below them. */
    public String folded(String others, String last) {
        int longest = 0;
        for (String word : words(last)) {
            longest = Math.max(longest, columns(word));
        }
        int used = columns(others);
        StringBuilder folded = new StringBuilder();
        fold(others, last, has(used + longest) ? used : 2 * DEEPER, folded);
        return folded.toString();
    }

    /** A command to be copied, behind what it is for; on a line of its own where both are too long for one. */
    public String withCommand(String purpose, String command) {
        return purpose + (has(columns(purpose) + 1 + columns(command)) ? " " : "\n") + command;
    }

    private boolean has(int wanted) {
        return columns == 0 || wanted <= columns;
    }

    private void fold(String start, String text, int indent, StringBuilder folded) {
        folded.append(start);
        int at = columns(start);
        if (has(at + columns(text))) {
            folded.append(text);
            return;
        }
        boolean first = true;
        for (String word : words(text)) {
            int blank = first ? 0 : 1;
            int length = columns(word);
            if (at > indent && !has(at + blank + length)) {
                folded.setLength(folded.toString().stripTrailing().length());
                folded.append('\n').append(" ".repeat(indent));
                at = indent;
            } else {
                folded.append(" ".repeat(blank));
                at += blank;
            }
            folded.append(word);
            at += length;
            first = false;
        }
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '`';
            if (c == ' ' && !quoted) {
                words.add(text.substring(start, i));
                start = i + 1;
            }
        }
        words.add(text.substring(start));
        return words;
    }

    /** The columns of a terminal that a text takes; what sets its colour takes none. */
    private static int columns(String text) {
        int columns = 0;
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            if (codePoint == ESCAPE && text.indexOf('m', at) > 0) {
                at = text.indexOf('m', at) + 1;
            } else {
                columns += Printable.columns(codePoint);
                at += Character.charCount(codePoint);
            }
        }
        return columns;
    }
}
