package stunnel.parser;

/**
 * One port, or several in a row.
 *
 * @param first the lowest
 * @param last the highest
 */
record PortRange(int first, int last) {
    static final int HIGHEST_PORT = 65_535;
    private static final int RAISE = 8_000;

    int size() {
        return last - first + 1;
    }

    boolean isOnePort() {
        return first == last;
    }

    /** The range of another length that begins here, or as near as the highest port allows. */
    PortRange resized(int size) {
        int start = Math.max(1, Math.min(first, HIGHEST_PORT - size + 1));
        return new PortRange(start, start + size - 1);
    }

    /** The range that people take who may not listen on this one: 8080 for 80. */
    PortRange raised() {
        return new PortRange(first + RAISE, last + RAISE).resized(size());
    }

    String text() {
        return isOnePort() ? Integer.toString(first) : first + "-" + last;
    }

    /** The range in words. */
    String described() {
        return isOnePort() ? "one port" : "a range of " + size() + " ports";
    }
}
