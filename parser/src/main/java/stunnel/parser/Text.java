package stunnel.parser;

/** Questions about characters, answered for ASCII alone: a digit of another script is no digit of a port. */
final class Text {
    private Text() {}

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isLetterOrDigit(char c) {
        return isLetter(c) || isDigit(c);
    }

    /** Whether there is a digit, and nothing else. */
    static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Whether it is a port or a range, whatever the numbers are. */
    static boolean isPorts(String text) {
        int dash = text.indexOf('-');
        return dash < 0 ? isDigits(text) : isDigits(text.substring(0, dash)) && isDigits(text.substring(dash + 1));
    }

    static String withoutLeadingZeros(String text) {
        int zeros = 0;
        while (zeros < text.length() && text.charAt(zeros) == '0') {
            zeros++;
        }
        return text.substring(zeros);
    }

    /** The text's size in UTF-8. */
    static int utf8Length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Each half of a surrogate pair is two of the pair's four bytes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
