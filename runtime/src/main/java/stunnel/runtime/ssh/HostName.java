package stunnel.runtime.ssh;

/**
 * Names of hosts that may stand on ssh's command line. The submit host's name comes out of the user's environment, and ssh
 * itself would take {@code -oProxyCommand=…} or a name with shell characters.
 */
public final class HostName {
    /** The longest domain name, RFC 1035 section 2.3.4. */
    private static final int LONGEST = 255;

    private HostName() {}

    /** Whether the text has only letters, digits, dots, dashes and underscores, and does not begin with a dash or a dot. */
    public static boolean isSafe(String text) {
        if (text.isEmpty() || text.length() > LONGEST || text.charAt(0) == '-' || text.charAt(0) == '.') {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && "._-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
