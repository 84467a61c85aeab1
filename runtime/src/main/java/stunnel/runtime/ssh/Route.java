package stunnel.runtime.ssh;

import stunnel.plan.Destination;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;

/**
 * A forward between two hosts, in words for people.
 *
 * @param forward what listens and what is reached
 * @param opener the host that runs ssh
 * @param target the host that ssh connects to
 */
public record Route(Forward forward, String opener, String target) {

    /** The host that is listened on. */
    public String listeningHost() {
        return forward.direction() == Direction.REMOTE ? target : opener;
    }

    /** The host that connections leave from, at the other end of the tunnel. */
    public String reachingHost() {
        return forward.direction() == Direction.REMOTE ? opener : target;
    }

    /** For example {@code login:8001 -> cn1:8000}, or {@code cn1:1900 -> license_server:1900 via login}. */
    public String text() {
        return listener() + " -> " + destination();
    }

    /** For example {@code login:8001}. */
    public String listener() {
        if (forward.listener() instanceof Listener.Tcp tcp) {
            return listeningHost() + ":" + tcp.port() + bind(tcp.bind());
        }
        if (forward.listener() instanceof Listener.Auto auto) {
            return listeningHost() + ":auto" + bind(auto.bind());
        }
        return listeningHost() + ":" + ((Listener.UnixSocket) forward.listener()).path();
    }

    /** For example {@code cn1:8000}; what is not on the reaching host itself is reached via it. */
    public String destination() {
        if (forward.destination() instanceof Destination.Tcp tcp) {
            return isLoopback(tcp.host())
                    ? reachingHost() + ":" + tcp.port()
                    : tcp.host().text() + ":" + tcp.port() + " via " + reachingHost();
        }
        if (forward.destination() instanceof Destination.UnixSocket socket) {
            return reachingHost() + ":" + socket.path();
        }
        return "anywhere via " + reachingHost() + " (SOCKS)";
    }

    private static String bind(Host bind) {
        if (isLoopback(bind)) {
            return "";
        }
        return bind.isAny() ? " (on every address)" : " (on " + bind.name() + ")";
    }

    /** By name: the equals of a record is made at run time, which takes as long as a dozen such texts. */
    private static boolean isLoopback(Host host) {
        return host.isLoopback()
                || host.name().equals(Host.LOCALHOST.name())
                || host.name().equals("::1");
    }
}
