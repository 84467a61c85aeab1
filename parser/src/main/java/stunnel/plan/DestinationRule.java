package stunnel.plan;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Destinations that may be connected to, as they are written in a forward: no name is looked up.
 *
 * @param host a name, an address, {@code *.domain} for all names in it, or {@code *}; for unix sockets a path, or the beginning of
 *     paths and a {@code *}
 * @param ports of that host; none for unix sockets
 */
public record DestinationRule(String host, PortSet ports) {
    /** Whatever is asked for, what a SOCKS client asks for too. */
    public static final DestinationRule EVERYTHING = new DestinationRule("*", PortSet.ALL);

    private static final String ANY = "*";

    /** The rule of a text such as {@code db:5432}, {@code *.example.org:*}, {@code [::1]:80-89}, {@code /run/*} or {@code *}. */
    public static Optional<DestinationRule> of(String text) {
        if (text.equals(ANY)) {
            return Optional.of(EVERYTHING);
        }
        if (text.startsWith("/")) {
            return Optional.of(new DestinationRule(text, PortSet.NONE));
        }
        int colon = text.lastIndexOf(':');
        if (colon <= 0) {
            return Optional.empty();
        }
        String host = text.substring(0, colon);
        String range = text.substring(colon + 1);
        Optional<PortSet> ports = range.equals(ANY) ? Optional.of(PortSet.ALL) : PortSet.of(List.of(range));
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String name = bracketed ? host.substring(1, host.length() - 1) : host;
        boolean sound = isName(name) && bracketed == name.indexOf(':') >= 0;
        return ports.isPresent() && sound ? Optional.of(new DestinationRule(name, ports.get())) : Optional.empty();
    }

    private static boolean isName(String text) {
        String name = text.startsWith(ANY + ".") ? text.substring(2) : text;
        boolean sound = !name.isEmpty();
        for (int i = 0; i < name.length(); i++) {
            sound &= Ascii.isLetterOrDigit(name.charAt(i)) || "._-:".indexOf(name.charAt(i)) >= 0;
        }
        return sound || text.equals(ANY);
    }

    /** Field by field: the equals of a record is made at run time, which takes longer than the whole verdict. */
    private boolean isEverything() {
        return host.equals(EVERYTHING.host) && ports.equals(EVERYTHING.ports);
    }

    boolean allows(Destination destination) {
        if (isEverything()) {
            return true;
        }
        if (destination instanceof Destination.Tcp tcp) {
            return ports.contains(tcp.port()) && allowsHost(tcp.host());
        }
        return destination instanceof Destination.UnixSocket socket && allowsPath(socket.path());
    }

    private boolean allowsHost(Host asked) {
        String pattern = host.toLowerCase(Locale.ROOT);
        String name = asked.name().toLowerCase(Locale.ROOT);
        if (pattern.equals(Host.LOCALHOST.name()) && asked.isLoopbackAddress()) {
            return true;
        }
        return pattern.equals(ANY)
                || pattern.equals(name)
                || (pattern.startsWith(ANY) && name.endsWith(pattern.substring(1)));
    }

    private boolean allowsPath(String path) {
        return host.endsWith(ANY) ? path.startsWith(host.substring(0, host.length() - 1)) : path.equals(host);
    }

    /** The rule as it is written. */
    public String text() {
        if (isEverything() || ports.isEmpty()) {
            return host;
        }
        String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return name + ":" + (ports.equals(PortSet.ALL) ? ANY : ports.text());
    }
}
