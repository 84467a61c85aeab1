package stunnel.runtime;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import stunnel.plan.Destination;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;
import stunnel.plan.Origin;
import stunnel.runtime.ssh.PathTokens;
import stunnel.runtime.ssh.Routes;

/** The ssh command that a user types on the own computer to reach, there too, what a tunnel listens on at the submit host. */
public final class LaptopLine {
    /** As many as there are in a line that somebody reads; more of them are told by {@code stunnel list --json} alone. */
    private static final int MOST_FORWARDS = 8;

    private static final String FORWARD = " -L ";

    private static final int FIRST_FREE = 1024;
    /** 80 becomes 8080, 443 becomes 8443. */
    private static final int RAISED = 8000;
    /** For a socket that leads to another socket. */
    private static final int ANY_PORT = 8080;

    private final StringBuilder text = new StringBuilder("ssh -N");
    private final Set<Integer> ports = new HashSet<>();

    private LaptopLine() {}

    /**
     * The command; empty where the site has not said how its submit hosts are called, and where nothing listens on one.
     *
     * @param routes the tunnel, whose ports are known
     * @param process one of the tunnel's, on the host that runs ssh
     * @param user who logs in
     * @param login the setting login.host
     */
    public static Optional<String> of(Routes routes, RunningProcess process, String user, Optional<String> login) {
        boolean ofSrun = routes.plan().origin() == Origin.SRUN;
        if (login.isEmpty() || (ofSrun && process.isOfAJob())) {
            return Optional.empty();
        }
        String submitHost = ofSrun ? routes.opener() : routes.target();
        String host = host(login.get(), submitHost);
        LaptopLine line = new LaptopLine();
        for (Forward forward : routes.plan().forwards()) {
            if (ofSrun != (forward.direction() == Direction.REMOTE)) {
                line.add(forward);
            }
        }
        return line.ports.isEmpty() ? Optional.empty() : Optional.of(line.text + " " + user + "@" + host);
    }

    /**
     * The command, or where it is to be found if it is too long to be shown.
     *
     * @param job whose tunnel it is
     * @param host the one that runs the tunnel's ssh
     */
    public static String shown(String command, String job, String host) {
        int forwards = command.split(FORWARD, -1).length - 1;
        return forwards <= MOST_FORWARDS
                ? command
                : "an ssh command with " + forwards + " ports, which " + OwnCommand.quoted("list " + job + " --json")
                        + " on "
                        + host
                        + " has as \"laptop\"";
    }

    /** A submit host, as other computers call it. */
    public static String host(String login, String submitHost) {
        return new PathTokens(0, "", submitHost).expand(login);
    }

    /** Never to {@code localhost}, which may be another address there, where another user listens. */
    private void add(Forward forward) {
        if (forward.listener() instanceof Listener.Tcp tcp) {
            Host bind = tcp.bind().isAny() ? Host.LOOPBACK : tcp.bind();
            add(tcp.port(), bind.text() + ":" + tcp.port());
        } else if (forward.listener() instanceof Listener.UnixSocket socket) {
            add(forward.destination() instanceof Destination.Tcp tcp ? tcp.port() : ANY_PORT, socket.path());
        }
    }

    private void add(int wanted, String destination) {
        int port = wanted < FIRST_FREE ? wanted + RAISED : wanted;
        while (!ports.add(port)) {
            port++;
        }
        text.append(FORWARD).append(port).append(':').append(destination);
    }
}
