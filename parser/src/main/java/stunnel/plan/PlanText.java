package stunnel.plan;

import java.util.List;

/** Writes a plan as the {@code --tunnel} value that compiles to it: defaults left out, neighbours folded into ranges. */
final class PlanText {
    private PlanText() {}

    static String of(TunnelPlan plan) {
        StringBuilder text = new StringBuilder();
        List<Forward> forwards = plan.forwards();
        int next = 0;
        while (next < forwards.size()) {
            int last = lastOfRange(forwards, next);
            if (next > 0) {
                text.append(',');
            }
            append(forwards.get(next), last - next, text);
            next = last + 1;
        }
        return text.toString();
    }

    /** The index of the last forward of the run that a range stands for. */
    private static int lastOfRange(List<Forward> forwards, int first) {
        int last = first;
        while (last + 1 < forwards.size() && follows(forwards.get(last), forwards.get(last + 1))) {
            last++;
        }
        return last;
    }

    private static boolean follows(Forward one, Forward two) {
        if (one.name().isPresent() || two.name().isPresent() || one.direction() != two.direction()) {
            return false;
        }
        if (!(one.listener() instanceof Listener.Tcp from) || !(two.listener() instanceof Listener.Tcp to)) {
            return false;
        }
        return from.bind().name().equals(to.bind().name())
                && from.port() + 1 == to.port()
                && follows(one.destination(), two.destination());
    }

    private static boolean follows(Destination one, Destination two) {
        if (one instanceof Destination.Tcp from && two instanceof Destination.Tcp to) {
            return from.host().name().equals(to.host().name()) && from.port() + 1 == to.port();
        }
        return one instanceof Destination.Socks && two instanceof Destination.Socks;
    }

    private static void append(Forward forward, int more, StringBuilder text) {
        if (forward.name().isPresent()) {
            text.append(forward.name().get()).append('=');
        }
        text.append(forward.direction().letter());
        boolean bound = appendListener(forward.listener(), more, text);
        if (forward.destination() instanceof Destination.Tcp tcp) {
            // bind:listen:port is no form of the language: with a bind goes a host.
            if (bound || !tcp.host().name().equals(Host.LOCALHOST.name())) {
                text.append(':').append(tcp.host().text());
            }
            appendPorts(tcp.port(), more, text.append(':'));
        } else if (forward.destination() instanceof Destination.UnixSocket socket) {
            text.append(':').append(socket.path());
        }
    }

    /** Whether a bind was written. */
    private static boolean appendListener(Listener listener, int more, StringBuilder text) {
        if (listener instanceof Listener.Tcp tcp) {
            boolean bound = appendBind(tcp.bind(), text);
            appendPorts(tcp.port(), more, text);
            return bound;
        }
        if (listener instanceof Listener.Auto auto) {
            boolean bound = appendBind(auto.bind(), text);
            text.append("auto");
            return bound;
        }
        text.append(((Listener.UnixSocket) listener).path());
        return false;
    }

    private static boolean appendBind(Host bind, StringBuilder text) {
        boolean bound = !bind.isLoopback();
        if (bound) {
            text.append(bind.text()).append(':');
        }
        return bound;
    }

    private static void appendPorts(int first, int more, StringBuilder text) {
        text.append(first);
        if (more > 0) {
            text.append('-').append(first + more);
        }
    }
}
