package stunnel.parser;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The addresses on which one port of one host is listened on, each with the forward that does. */
final class PortListeners {
    private static final String ANY = "*";
    private static final String ANY_IPV4 = "0.0.0.0";
    private static final String ANY_IPV6 = "0:0:0:0:0:0:0:0:";

    private final Map<String, String> forwards = new HashMap<>();
    private Optional<String> first = Optional.empty();
    private Optional<String> firstIpv4 = Optional.empty();
    private Optional<String> firstIpv6 = Optional.empty();

    /** Adds an address in its one spelling, unless another is in its way; returns the forward of that one. */
    Optional<String> add(String address, String forward) {
        boolean ipv4 = IpAddress.isIpv4(address);
        boolean ipv6 = address.indexOf(':') >= 0;
        Optional<String> conflict = conflict(address, ipv4, ipv6);
        if (conflict.isEmpty()) {
            forwards.put(address, forward);
            Optional<String> present = Optional.of(forward);
            first = first.isPresent() ? first : present;
            firstIpv4 = firstIpv4.isPresent() || !ipv4 ? firstIpv4 : present;
            firstIpv6 = firstIpv6.isPresent() || !ipv6 ? firstIpv6 : present;
        }
        return conflict;
    }

    private Optional<String> conflict(String address, boolean ipv4, boolean ipv6) {
        if (address.equals(ANY)) {
            return first;
        }
        if (address.equals(ANY_IPV4) && firstIpv4.isPresent()) {
            return firstIpv4;
        }
        if (address.equals(ANY_IPV6) && firstIpv6.isPresent()) {
            return firstIpv6;
        }
        // A name may be of either family: it is left to the bind.
        String wider = ipv4 ? ANY_IPV4 : ipv6 ? ANY_IPV6 : ANY;
        for (String taken : new String[] {address, wider, ANY}) {
            String forward = forwards.get(taken);
            if (forward != null) {
                return Optional.of(forward);
            }
        }
        return Optional.empty();
    }
}
