package stunnel.parser;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import stunnel.plan.Destination;
import stunnel.plan.Direction;
import stunnel.plan.Host;
import stunnel.plan.Listener;

/** What is listened on so far, on either host; it answers in the same time however much that is. */
final class ListenerTable {
    private final Map<String, PortListeners> ports = new HashMap<>();
    private final Map<String, String> others = new HashMap<>();

    /**
     * Adds a port or a socket, unless another listener is in its way.
     *
     * @param forward the text of the forward that it belongs to
     * @return the text of the forward that is in its way
     */
    Optional<String> add(Direction direction, Listener listener, String forward) {
        if (!(listener instanceof Listener.Tcp tcp)) {
            String key = side(direction) + canonical(((Listener.UnixSocket) listener).path());
            return Optional.ofNullable(others.putIfAbsent(key, forward));
        }
        String port = side(direction) + tcp.port();
        PortListeners listeners = ports.get(port);
        if (listeners == null) {
            listeners = new PortListeners();
            ports.put(port, listeners);
        }
        return listeners.add(canonical(tcp.bind()), forward);
    }

    /** The same for a free port: ssh would merge two whose direction, bind and destination are equal. */
    Optional<String> add(Direction direction, Listener.Auto auto, Destination destination, String forward) {
        String key = direction.letter() + canonical(auto.bind()) + ' ' + text(destination);
        return Optional.ofNullable(others.putIfAbsent(key, forward));
    }

    private static String text(Destination destination) {
        if (destination instanceof Destination.Tcp tcp) {
            return canonical(tcp.host()) + ' ' + tcp.port();
        }
        return destination instanceof Destination.UnixSocket socket ? canonical(socket.path()) : "";
    }

    /** L and D listen on one host, R on the other. */
    private static String side(Direction direction) {
        return direction == Direction.REMOTE ? "R" : "L";
    }

    private static String canonical(Host host) {
        if (host.isIpv6()) {
            return IpAddress.canonicalIpv6(host.name()).orElse(host.name());
        }
        String name = host.name().toLowerCase(Locale.ROOT);
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** The path without empty and {@code .} steps. */
    private static String canonical(String path) {
        StringBuilder canonical = new StringBuilder();
        int start = 0;
        while (start < path.length()) {
            int slash = path.indexOf('/', start);
            int end = slash < 0 ? path.length() : slash;
            String step = path.substring(start, end);
            if (!step.isEmpty() && !step.equals(".")) {
                canonical.append('/').append(step);
            }
            start = end + 1;
        }
        return canonical.toString();
    }
}
