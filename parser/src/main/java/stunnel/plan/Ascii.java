package stunnel.plan;

/** The letters and digits of hosts, names and paths: no alphabet but ASCII's, whatever the locale. */
final class Ascii {
    private Ascii() {}

    static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    static boolean isLetterOrDigit(char c) {
        return isLetter(c) || (c >= '0' && c <= '9');
    }
}
