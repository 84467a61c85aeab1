package stunnel.dsl;

/** What can be listened on: ports, {@code auto} or a unix socket, and no host. */
public sealed interface Listen permits PortListen, Socket {

    /** The listener as the value of {@code --tunnel} has it. */
    String text();
}
