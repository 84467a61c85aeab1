package stunnel.runtime;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Listener;
import stunnel.plan.Policy;
import stunnel.runtime.TunnelReport.Details;
import stunnel.runtime.TunnelReport.Status;
import stunnel.runtime.ssh.ListeningPorts;
import stunnel.runtime.ssh.TunnelFailure;

/** A port that a tunnel does not get because another tunnel of the same user has it. */
final class Collision {
    private static final int LAST_PORT = 65_535;

    private Collision() {}

    /** The failure with the holder as its next step, if that is such a tunnel; else as it is. */
    static TunnelFailure explained(TunnelFailure failure, TunnelDirectories directories, Policy policy, int uid) {
        if (failure.takenPort().isEmpty()) {
            return failure;
        }
        int port = failure.takenPort().getAsInt();
        try {
            for (TunnelReport report : directories.reports(Optional.of(uid))) {
                Optional<String> holder = holder(report, port);
                if (holder.isPresent()) {
                    return failure.withNextStep("held by " + holder.get() + ": choose " + offer(port, policy));
                }
            }
        } catch (IOException e) {
            return failure; // What is wrong has been said already; this only adds to it.
        }
        return failure;
    }

    private static Optional<String> holder(TunnelReport report, int port) {
        boolean alive = report.status() == Status.UP || report.status() == Status.RECONNECTING;
        if (!alive || report.details().isEmpty()) {
            return Optional.empty();
        }
        Details details = report.details().get();
        for (Forward forward : details.routes().plan().forwards()) {
            boolean here = forward.direction() != Direction.REMOTE;
            if (here && forward.listener() instanceof Listener.Tcp tcp && tcp.port() == port) {
                String name = forward.name().isPresent() ? forward.name().get() : Integer.toString(port);
                return Optional.of("your job " + details.job() + ", tunnel " + name + " (`stunnel close " + details.id()
                        + " " + name + "` ends it)");
            }
        }
        return Optional.empty();
    }

    private static String offer(int taken, Policy policy) {
        Set<Integer> listening = ListeningPorts.now();
        for (int port = taken + 1; port <= LAST_PORT; port++) {
            if (policy.listenPorts().contains(port) && !listening.contains(port)) {
                return "port " + port + ", which is free, or auto";
            }
        }
        return "auto";
    }
}
