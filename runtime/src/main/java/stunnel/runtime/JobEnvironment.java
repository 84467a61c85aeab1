package stunnel.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import stunnel.plan.Destination;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Listener;
import stunnel.plan.TunnelPlan;

/** The STUNNEL_ variables that tell a job about its tunnels, as {@code NAME=VALUE}. */
final class JobEnvironment {
    private final Optional<String> opener;
    private final Optional<String> target;
    private final List<String> variables = new ArrayList<>();

    private JobEnvironment(Optional<String> opener, Optional<String> target) {
        this.opener = opener;
        this.target = target;
    }

    /**
     * All variables that can be told; a host or a port that is not known yet is left out.
     *
     * @param opener the host that runs ssh
     * @param target the host that ssh connects to
     */
    static List<String> of(TunnelPlan plan, Optional<String> opener, Optional<String> target) {
        JobEnvironment environment = new JobEnvironment(opener, target);
        List<Forward> forwards = plan.forwards();
        environment.variables.add("STUNNEL_COUNT=" + forwards.size());
        for (int i = 0; i < forwards.size(); i++) {
            Forward forward = forwards.get(i);
            environment.add("STUNNEL_" + i, forward);
            if (forward.name().isPresent()) {
                environment.add("STUNNEL_" + forward.name().get().toUpperCase(Locale.ROOT), forward);
            }
        }
        return environment.variables;
    }

    private void add(String name, Forward forward) {
        Optional<String> listen = listen(forward.listener());
        if (listen.isPresent()) {
            variables.add(name + "_LISTEN=" + listen.get());
        }
        Optional<String> host = forward.direction() == Direction.REMOTE ? target : opener;
        if (host.isPresent()) {
            variables.add(name + "_HOST=" + host.get());
        }
        variables.add(name + "_TARGET=" + target(forward.destination()));
    }

    private static Optional<String> listen(Listener listener) {
        if (listener instanceof Listener.Tcp tcp) {
            return Optional.of(Integer.toString(tcp.port()));
        }
        return listener instanceof Listener.UnixSocket socket ? Optional.of(socket.path()) : Optional.empty();
    }

    /** SOCKS has no target of its own: empty. */
    private static String target(Destination destination) {
        if (destination instanceof Destination.Tcp tcp) {
            return tcp.host().text() + ":" + tcp.port();
        }
        return destination instanceof Destination.UnixSocket socket ? socket.path() : "";
    }
}
