package stunnel.plan;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a site leaves to its users.
 *
 * @param directions the kinds of forwards
 * @param listenPorts what may be listened on; none for unix sockets alone
 * @param autoPorts where {@code auto} takes the ports from that are chosen without sshd; some, if there are ports to listen on
 * @param binds the addresses that may be listened on
 * @param destinations what may be connected to
 * @param mostForwards of one value; 0 for no tunnels at all
 */
public record Policy(
        Set<Direction> directions,
        PortSet listenPorts,
        PortSet autoPorts,
        List<BindRule> binds,
        List<DestinationRule> destinations,
        int mostForwards) {
    /** The most forwards that any site allows. */
    public static final int MOST_FORWARDS = 1_000;

    /** A site that leaves everything to them. */
    public static final Policy OPEN = new Policy(
            Set.of(Direction.values()),
            PortSet.ALL,
            PortSet.ALL,
            List.of(BindRule.EVERYTHING),
            List.of(DestinationRule.EVERYTHING),
            MOST_FORWARDS);

    public Policy {
        EnumSet<Direction> inOrder = EnumSet.noneOf(Direction.class);
        inOrder.addAll(directions);
        directions = Collections.unmodifiableSet(inOrder);
        binds = List.copyOf(binds);
        destinations = List.copyOf(destinations);
        if (autoPorts.isEmpty() && !listenPorts.isEmpty()) {
            throw new IllegalArgumentException("auto needs a port");
        }
    }

    /** Whether an address may be listened on. */
    public boolean allowsBind(Host bind) {
        for (BindRule rule : binds) {
            if (rule.allows(bind)) {
                return true;
            }
        }
        return false;
    }

    /** Whether this may be connected to. */
    public boolean allows(Destination destination) {
        for (DestinationRule rule : destinations) {
            if (rule.allows(destination)) {
                return true;
            }
        }
        return false;
    }

    /** Whether sshd may choose the port of an {@code auto}: it takes any that is not privileged. */
    public boolean leavesPortToServer() {
        return listenPorts.containsAll(PortSet.UNPRIVILEGED);
    }
}
