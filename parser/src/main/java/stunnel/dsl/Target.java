package stunnel.dsl;

/** What can be connected to: ports of a host, or a unix socket. */
public sealed interface Target permits PortTarget, Socket {

    /** The port, the range or the path as the value of {@code --tunnel} has it. */
    String text();
}
