package stunnel.plan;

/** The end of a forward that is connected to from the tunnel's far side. */
public sealed interface Destination {

    /**
     * A port.
     *
     * @param host as the connecting host resolves it; never {@link Host#ANY}
     * @param port 1 to 65535
     */
    record Tcp(Host host, int port) implements Destination {
        public Tcp {
            if (host.isAny()) {
                throw new IllegalArgumentException("a destination is one host");
            }
            Ports.check(port);
        }
    }

    /**
     * A unix socket.
     *
     * @param path absolute, at most {@value Paths#LONGEST} bytes
     */
    record UnixSocket(String path) implements Destination {
        public UnixSocket {
            Paths.check(path);
        }
    }

    /** Whatever the SOCKS client asks for. */
    record Socks() implements Destination {}
}
