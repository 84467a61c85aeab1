package stunnel.dsl;

/**
 * Ports of a host.
 *
 * @param host which host
 * @param ports which of its ports
 */
public record HostPorts(Host host, Ports ports) implements PortTarget {
    @Override
    public String text() {
        return ports.text();
    }
}
