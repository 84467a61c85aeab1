package stunnel.plan;

/** The paths of unix sockets: a short alphabet, so that no program on the way gives a character a meaning. */
final class Paths {
    /** ssh binds {@code <path>.<16 random characters>} first, and sun_path holds 108 bytes. */
    static final int LONGEST = 90;

    private Paths() {}

    static void check(String path) {
        boolean sound = path.startsWith("/") && path.length() <= LONGEST;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            sound &= Ascii.isLetterOrDigit(c) || "._/+@-".indexOf(c) >= 0;
        }
        if (!sound) {
            throw new IllegalArgumentException("not the path of a socket: " + path);
        }
    }
}
