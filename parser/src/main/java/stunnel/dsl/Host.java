package stunnel.dsl;

/**
 * A host to connect to, as the connecting end resolves it; nothing listens on a host, and nothing leads to one without a port.
 *
 * @param name a name, an IPv4 address or an IPv6 address
 */
public record Host(String name) {

    /** A port of the host. */
    public HostPorts port(int port) {
        return ports(port, port);
    }

    /** Several ports of the host. */
    public HostPorts ports(int first, int last) {
        return new HostPorts(this, new Ports(first, last));
    }
}
