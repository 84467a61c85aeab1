package stunnel.runtime;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;
import stunnel.plan.Policy;
import stunnel.plan.PortSet;
import stunnel.runtime.ssh.Routes;
import stunnel.runtime.ssh.TunnelFailure;

/** A port that a tunnel does not get because something else has it: what that is, and which port is free instead. */
final class Collision {
    private static final int ROOT = 0;

    private final Forward refused;
    private final Routes routes;
    private final Policy policy;
    private final PortHolder holder;

    private Collision(Forward refused, Routes routes, Policy policy, PortHolder holder) {
        this.refused = refused;
        this.routes = routes;
        this.policy = policy;
        this.holder = holder;
    }

    /** The failure with what is known of the port as its next step; as it is, if it is no collision. */
    static TunnelFailure explained(
            TunnelFailure failure, Routes routes, Policy policy, TunnelDirectories directories, int uid) {
        if (failure.refused().isEmpty()) {
            return failure;
        }
        Collision collision = new Collision(failure.refused().get(), routes, policy, new PortHolder(directories, uid));
        return failure.withNextStep(collision.nextStep(failure.nextStep()));
    }

    private String nextStep(String unknown) {
        Optional<String> tunnel = tunnel();
        if (refused.direction() == Direction.REMOTE) {
            // What else is on the other host, nobody here knows.
            return tunnel.map(who -> heldBy(who) + "; ask for another port, or for " + routes.typedWithAuto(refused))
                    .orElse(unknown);
        }
        Optional<String> who = tunnel.or(() -> listener().map(holder::process));
        return who.map(Collision::heldBy).orElse(unknown) + "; " + offer();
    }

    private static String heldBy(String who) {
        return "held by " + who;
    }

    private Optional<String> tunnel() {
        try {
            return holder.tunnel(refused, routes);
        } catch (IOException e) {
            return Optional.empty(); // What is wrong has been said already; this only adds to it.
        }
    }

    private Listener.Tcp wanted() {
        return (Listener.Tcp) refused.listener();
    }

    /** One on the very address first: those of other addresses that listen on all of them may let others in. */
    private Optional<TcpSocket> listener() {
        Optional<TcpSocket> found = Optional.empty();
        for (TcpSocket socket : TcpSocket.all()) {
            if (socket.port() == wanted().port() && socket.isInTheWayOf(wanted().bind())) {
                boolean better = found.isEmpty() || found.get().address().isAnyLocalAddress();
                found = better ? Optional.of(socket) : found;
            }
        }
        return found;
    }

    private String offer() {
        OptionalInt free = freePort();
        if (free.isEmpty()) {
            return "no other port of " + policy.listenPorts().text() + " is free on " + routes.opener()
                    + ": try again later, or ask the administrator";
        }
        Listener other = new Listener.Tcp(wanted().bind(), free.getAsInt());
        return free.getAsInt() + " is free: ask for " + routes.typedWith(refused, other) + ", or for "
                + routes.typedWithAuto(refused);
    }

    /** The next one that the site leaves to its users; behind the last one comes the first. */
    private OptionalInt freePort() {
        Set<Integer> others = new HashSet<>();
        for (Forward forward : routes.plan().forwards()) {
            if (forward.listener() instanceof Listener.Tcp tcp) {
                others.add(tcp.port());
            }
        }
        PortSet allowed = holder.uid() == ROOT
                ? policy.listenPorts()
                : policy.listenPorts().and(PortSet.UNPRIVILEGED);
        OptionalInt lowest = OptionalInt.empty();
        for (int port : allowed.toArray()) {
            boolean better = port > wanted().port() || lowest.isEmpty();
            if (better && !others.contains(port) && isFree(port)) {
                if (port > wanted().port()) {
                    return OptionalInt.of(port);
                }
                lowest = OptionalInt.of(port);
            }
        }
        return lowest;
    }

    /** Binds it as ssh would: nothing else shows it. */
    private boolean isFree(int port) {
        Host bind = wanted().bind();
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(true);
            socket.bind(bind.isAny() ? new InetSocketAddress(port) : new InetSocketAddress(bind.name(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
