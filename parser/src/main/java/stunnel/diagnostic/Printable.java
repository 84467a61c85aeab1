package stunnel.diagnostic;

/** Makes text of unknown origin safe to show: nothing in it moves a cursor or turns the direction of writing. */
final class Printable {
    private static final String ELLIPSIS = "...";
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
