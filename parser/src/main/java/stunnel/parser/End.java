package stunnel.parser;

import java.util.Optional;

/**
 * One end of a forward: ports, a unix socket, or neither, which is {@code auto}.
 *
 * @param ports one port or a range
 * @param path of a unix socket
 */
record End(Optional<PortRange> ports, Optional<String> path) {
    static final End AUTO = new End(Optional.empty(), Optional.empty());

    static End of(PortRange ports) {
        return new End(Optional.of(ports), Optional.empty());
    }

    static End of(String path) {
        return new End(Optional.empty(), Optional.of(path));
    }

    boolean isRange() {
        return ports.isPresent() && !ports.get().isOnePort();
    }
}
