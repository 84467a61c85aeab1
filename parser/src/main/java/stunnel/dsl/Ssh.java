package stunnel.dsl;

import java.util.Optional;
import stunnel.plan.Direction;

/** The words of ssh(1), for a static import. */
public final class Ssh {
    private Ssh() {}

    /** {@code -L}: listens where ssh runs, on 127.0.0.1. */
    public static Opening<Target> local(Listen listen) {
        return new Opening<>(Direction.LOCAL, Optional.empty(), listen);
    }

    /** {@code -L}: listens where ssh runs. */
    public static Opening<PortTarget> local(Bound listen) {
        return new Opening<>(Direction.LOCAL, Optional.of(listen.bind()), listen.listen());
    }

    /** {@code -R}: listens where ssh connects to, on 127.0.0.1. */
    public static Opening<Target> remote(Listen listen) {
        return new Opening<>(Direction.REMOTE, Optional.empty(), listen);
    }

    /** {@code -R}: listens where ssh connects to. */
    public static Opening<PortTarget> remote(Bound listen) {
        return new Opening<>(Direction.REMOTE, Optional.of(listen.bind()), listen.listen());
    }

    /** {@code -D}: listens where ssh runs, on 127.0.0.1, and speaks SOCKS. */
    public static Forwarding dynamic(PortListen listen) {
        return new Forwarding(Optional.empty(), Direction.DYNAMIC, Optional.empty(), listen, Optional.empty());
    }

    /** {@code -D}: listens where ssh runs, and speaks SOCKS. */
    public static Forwarding dynamic(Bound listen) {
        return new Forwarding(
                Optional.empty(), Direction.DYNAMIC, Optional.of(listen.bind()), listen.listen(), Optional.empty());
    }

    /** A port to listen on, or one of {@code localhost} to connect to. */
    public static Ports port(int port) {
        return new Ports(port, port);
    }

    /** Several ports in a row; at the other end are as many. */
    public static Ports ports(int first, int last) {
        return new Ports(first, last);
    }

    /** A free port to listen on. */
    public static Auto auto() {
        return new Auto();
    }

    /** A unix socket, by its whole path. */
    public static Socket socket(String path) {
        return new Socket(path);
    }

    /** A host to connect to, by its name or address. */
    public static Host host(String name) {
        return new Host(name);
    }
}
