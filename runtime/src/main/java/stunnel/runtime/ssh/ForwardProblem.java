package stunnel.runtime.ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Listener;

/** Which forward of a list a master refused, told from what it wrote, and what that means to the user. */
final class ForwardProblem {
    /** The master's line for -R; sshd gives no reason over the wire. */
    private static final String REMOTE = "remote port forwarding failed for listen ";

    /** How a line begins that says what bind(2) said. */
    private static final String BIND = "bind [";

    private static final String IN_USE = "Address already in use";

    private ForwardProblem() {}

    /** The one forward that the lines name; empty when they name none, or could mean more than one. */
    static Optional<Forward> named(List<Forward> forwards, List<String> lines) {
        List<Forward> named = new ArrayList<>();
        for (Forward forward : forwards) {
            if (names(lines, forward)) {
                named.add(forward);
            }
        }
        return named.size() == 1 ? Optional.of(named.get(0)) : Optional.empty();
    }

    /** Whether the lines say that another program has the port of this one; sshd does not say why it refuses one. */
    static boolean isTaken(Forward forward, List<String> lines) {
        String end = "]:" + ((Listener.Tcp) forward.listener()).port() + ": " + IN_USE;
        boolean remote = forward.direction() == Direction.REMOTE;
        for (String line : lines) {
            if (remote ? namesRemote(line, forward) : line.startsWith(BIND) && line.endsWith(end)) {
                return true;
            }
        }
        return false;
    }

    private static boolean names(List<String> lines, Forward forward) {
        for (String line : lines) {
            boolean remote = forward.direction() == Direction.REMOTE;
            if (remote ? namesRemote(line, forward) : namesLocal(line, forward)) {
                return true;
            }
        }
        return false;
    }

    private static boolean namesRemote(String line, Forward forward) {
        if (forward.listener() instanceof Listener.Tcp tcp) {
            return line.endsWith(REMOTE + "port " + tcp.port());
        }
        if (forward.listener() instanceof Listener.UnixSocket socket) {
            return line.endsWith(REMOTE + "path " + socket.path());
        }
        return line.endsWith(REMOTE + "port 0");
    }

    /** {@code …: requested local forward 127.0.0.1:8001 -> localhost:8000 failed}, or before 8.6 only what bind said. */
    private static boolean namesLocal(String line, Forward forward) {
        if (forward.listener() instanceof Listener.UnixSocket socket) {
            return line.contains(" forward " + socket.path() + ":");
        }
        if (!(forward.listener() instanceof Listener.Tcp tcp)) {
            return false;
        }
        String bind = tcp.bind().name();
        return line.contains(" forward " + bind + ":" + tcp.port() + " -> ")
                || line.startsWith(BIND + bind + "]:" + tcp.port() + ":");
    }

    /** What the user reads about a forward that was refused. */
    static TunnelFailure failure(Routes routes, Forward refused, List<String> lines) {
        Route route = routes.of(refused);
        List<String> words = words(lines);
        String problem = "forward " + routes.spec(refused) + " (" + route.text() + "): ssh cannot listen on "
                + listener(refused.listener()) + " of " + route.listeningHost();
        TunnelFailure failure = TunnelFailure.of(problem, words, nextStep(routes, route, words));
        // Those of this host are shared by a lock; whose the other host's are, only Slurm can tell.
        boolean remote = refused.direction() == Direction.REMOTE;
        TunnelFailure told = remote ? failure.contestable() : failure;
        boolean taken =
                refused.listener() instanceof Listener.Tcp && (remote || isTaken(refused, words) || !tellReason(words));
        return taken ? told.of(refused) : told;
    }

    /** Of the several lines about one listener, those with a reason. */
    private static List<String> words(List<String> lines) {
        List<String> words = new ArrayList<>();
        for (String line : lines) {
            int remote = line.indexOf(REMOTE);
            String said = remote < 0 ? line : line.substring(remote);
            boolean reason = remote >= 0 || tellsReason(line);
            if (reason && !words.contains(said)) {
                words.add(said);
            }
        }
        return words.isEmpty() ? lines : words;
    }

    /** Whether any line says why a listener on this host failed; an ssh that was told to be quiet writes none. */
    static boolean tellReason(List<String> lines) {
        for (String line : lines) {
            if (tellsReason(line)) {
                return true;
            }
        }
        return false;
    }

    /** The first line that does. */
    static Optional<String> reason(List<String> lines) {
        return lines.stream().filter(ForwardProblem::tellsReason).findFirst();
    }

    private static boolean tellsReason(String line) {
        return line.startsWith(BIND) || line.contains("getaddrinfo(") || line.startsWith("unix_listener");
    }

    private static String nextStep(Routes routes, Route route, List<String> words) {
        String host = route.listeningHost();
        if (route.forward().listener() instanceof Listener.UnixSocket socket) {
            return "the folder of " + socket.path() + " must be there on " + host + ", and yours to write to";
        }
        if (route.forward().direction() == Direction.REMOTE) {
            String auto = route.forward().listener() instanceof Listener.Tcp
                    ? ", or for " + routes.typedWithAuto(route.forward())
                    : "";
            return "the port may be taken on " + host
                    + ", by another job of yours too (`ss -ltn` there shows it): ask for" + " another one" + auto
                    + "; else sshd on " + host + " forbids it (AllowTcpForwarding, PermitListen)";
        }
        String said = String.join(" ", words);
        if (said.contains(IN_USE)) {
            return "another program on " + host
                    + " listens there, or a connection has the port (`ss -tanp` shows them)";
        }
        if (said.contains("Cannot assign requested address") || said.contains("getaddrinfo(")) {
            return "the bind is no address of " + host + ": leave it out, or name one that `ip address` shows";
        }
        if (said.contains("Permission denied")) {
            return "choose a port from 1024 on";
        }
        return "choose another port; if these are many forwards, " + SystemProblem.Step.OPEN_FILES;
    }

    private static String listener(Listener listener) {
        if (listener instanceof Listener.Tcp tcp) {
            return tcp.bind().isAny() ? "port " + tcp.port() : tcp.bind().text() + ":" + tcp.port();
        }
        return listener instanceof Listener.UnixSocket socket ? socket.path() : "a free port";
    }
}
