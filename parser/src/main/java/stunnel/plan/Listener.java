package stunnel.plan;

/** The end of a forward that is connected to. */
public sealed interface Listener {

    /**
     * A port that is known before the tunnel opens.
     *
     * @param bind the address of the listening host
     * @param port 1 to 65535
     */
    record Tcp(Host bind, int port) implements Listener {
        public Tcp {
            Ports.check(port);
        }
    }

    /**
     * A free port, chosen where it is bound and told to the job.
     *
     * @param bind the address of the listening host
     */
    record Auto(Host bind) implements Listener {}

    /**
     * A unix socket.
     *
     * @param path absolute, at most {@value Paths#LONGEST} bytes
     */
    record UnixSocket(String path) implements Listener {
        public UnixSocket {
            Paths.check(path);
        }
    }
}
