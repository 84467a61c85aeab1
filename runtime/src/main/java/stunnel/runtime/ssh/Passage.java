package stunnel.runtime.ssh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.plan.Destination;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.runtime.posix.PosixException;

/**
 * Whether sshd carries what local listeners accept. They stand also where it does not (AllowTcpForwarding, PermitOpen), and would
 * lead nowhere. So a connection is tried: to a port where nothing listens, and only if that is forbidden, to the destinations.
 */
final class Passage {
    static final String NOWHERE = "localhost:1";
    private static final String FORBIDDEN = "administratively prohibited";

    /** For all connections; a thousand destinations are not all asked for. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Trial trial;
    private final Deadline deadline = Deadline.after(PATIENCE);

    Passage(Trial trial) {
        this.trial = trial;
    }

    /** A connection that ssh opens through the master, and closes. */
    @FunctionalInterface
    interface Trial {
        /** What ssh had to say about it. */
        List<String> words(String destination, Deadline deadline) throws TunnelFailure, PosixException;
    }

    /** Fails with the first of the forwards that sshd does not carry. */
    void check(Routes routes) throws TunnelFailure, PosixException {
        List<Forward> local = local(routes.plan().forwards());
        if (local.isEmpty() || objection().isEmpty()) {
            return;
        }
        for (Forward forward : local) {
            Optional<String> refusal = deadline.isOver()
                    ? Optional.empty()
                    : refusal(destination(forward).orElse(NOWHERE));
            if (refusal.isPresent()) {
                throw failure(routes, forward, refusal.get());
            }
        }
    }

    /** Why sshd carries nothing to its own host; empty if it does. */
    Optional<String> objection() throws TunnelFailure, PosixException {
        return refusal(NOWHERE);
    }

    private static List<Forward> local(List<Forward> forwards) {
        List<Forward> local = new ArrayList<>();
        for (Forward forward : forwards) {
            if (destination(forward).isPresent()) {
                local.add(forward);
            }
        }
        return local;
    }

    /** As ssh's -W takes it; empty where the far side is not asked for a port. */
    private static Optional<String> destination(Forward forward) {
        boolean local = forward.direction() == Direction.LOCAL;
        return local && forward.destination() instanceof Destination.Tcp tcp
                ? Optional.of(tcp.host().text() + ":" + tcp.port())
                : Optional.empty();
    }

    private Optional<String> refusal(String destination) throws TunnelFailure, PosixException {
        for (String line : trial.words(destination, deadline)) {
            if (line.contains(FORBIDDEN)) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    private static TunnelFailure failure(Routes routes, Forward forward, String words) {
        Route route = routes.of(forward);
        String sshd = "sshd on " + routes.target();
        return TunnelFailure.of(
                "forward " + routes.spec(forward) + " (" + route.text() + "): " + sshd + " lets nothing through",
                List.of(words),
                "ask the administrator about AllowTcpForwarding and PermitOpen of " + sshd);
    }
}
