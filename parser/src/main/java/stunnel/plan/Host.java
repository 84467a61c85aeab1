package stunnel.plan;

/**
 * A host at one end of a forward.
 *
 * @param name a DNS name, an IPv4 address, an IPv6 address without brackets, or {@code *} for every address of a bind
 */
public record Host(String name) {
    /** Where a listener is bound that names no bind: ssh, left alone, would take ::1 when 127.0.0.1 is taken. */
    public static final Host LOOPBACK = new Host("127.0.0.1");
    /** The destination of a forward that names none. */
    public static final Host LOCALHOST = new Host("localhost");
    /** Every address of the listening host. */
    public static final Host ANY = new Host("*");

    public Host {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a host has a name");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!Ascii.isLetterOrDigit(c) && "._-:".indexOf(c) < 0 && !name.equals("*")) {
                throw new IllegalArgumentException("not a host: " + name);
            }
        }
    }

    /** Whether this is an IPv6 address, which ssh wants in brackets. */
    public boolean isIpv6() {
        return name.indexOf(':') >= 0;
    }

    /** Whether this is {@link #LOOPBACK}, the bind that a forward has by default. */
    public boolean isLoopback() {
        return name.equals(LOOPBACK.name);
    }

    /** Whether this is an address, or the name, of the host itself alone. */
    public boolean isLoopbackAddress() {
        boolean ipv4 = name.startsWith("127.");
        for (int i = 0; i < name.length(); i++) {
            ipv4 &= name.charAt(i) == '.' || (name.charAt(i) >= '0' && name.charAt(i) <= '9');
        }
        return ipv4 || name.equals("::1") || name.equalsIgnoreCase(LOCALHOST.name);
    }

    /** Whether this is every address. */
    public boolean isAny() {
        return name.equals("*");
    }

    /** The host as a field of a forward: an IPv6 address in brackets, anything else as it is. */
    public String text() {
        return isIpv6() ? "[" + name + "]" : name;
    }
}
