package stunnel.plan;

/** The bounds of a TCP port. */
final class Ports {
    static final int LAST = 65_535;

    private Ports() {}

    static void check(int port) {
        if (port < 1 || port > LAST) {
            throw new IllegalArgumentException("not a port: " + port);
        }
    }
}
