package stunnel.diagnostic;

/** Makes text of unknown origin safe to show: nothing in it moves a cursor or turns the direction of writing. */
final class Printable {
    private static final String ELLIPSIS = "...";
    /** Hangul's leading consonants. */
    private static final int FIRST_WIDE = 0x1100;

    /** Katakana and Hangul that take one column. */
    private static final int HALF_WIDTH = 0xFF61;

    private static final int LAST_HALF_WIDTH = 0xFFDC;
    private static final int REPLACEMENT = 0xFFFD;

    private Printable() {}

    /** The text with each code point that would not show replaced by one that does, so that columns stay. */
    static String of(String text) {
        if (isAscii(text)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length());
        int next = 0;
        while (next < text.length()) {
            int codePoint = text.codePointAt(next);
            shown.appendCodePoint(shown(codePoint));
            next += Character.charCount(codePoint);
        }
        return shown.toString();
    }

    /** The same, with its end left out where it has more than so many characters. */
    static String shortened(String text, int longest) {
        return text.length() <= longest ? of(text) : of(text.substring(0, longest - ELLIPSIS.length())) + ELLIPSIS;
    }

    /** Whether it shows as it is, as nearly all texts do. */
    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** The columns of a terminal that a code point takes: two in the scripts of East Asia and for pictures, none for a mark. */
    static int columns(int codePoint) {
        if (codePoint < FIRST_WIDE) {
            return isMark(codePoint) ? 0 : 1;
        }
        boolean wide = switch (Character.UnicodeScript.of(codePoint)) {
            case HAN, HANGUL, HIRAGANA, KATAKANA, BOPOMOFO, YI -> codePoint < HALF_WIDTH || codePoint > LAST_HALF_WIDTH;
            default ->
                (codePoint >= 0x3000 && codePoint < 0x3040)
                        || (codePoint > 0xFF00 && codePoint <= 0xFF60)
                        || (codePoint >= 0x1F300 && codePoint < 0x1FB00);
        };
        return wide ? 2 : isMark(codePoint) ? 0 : 1;
    }

    private static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }

    private static int shown(int codePoint) {
        if (codePoint == '\t') {
            return ' ';
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> REPLACEMENT;
            default -> codePoint;
        };
    }
}
