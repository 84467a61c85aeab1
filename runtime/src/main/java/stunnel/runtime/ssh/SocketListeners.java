package stunnel.runtime.ssh;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Listener;
import stunnel.runtime.posix.PosixException;

/**
 * The unix sockets that a tunnel listens on. ssh and sshd make them, and leave them behind: those here are unlinked, those of the other
 * host are removed over the master. Nothing may be there beforehand, so that what is removed in the end is what the tunnel made.
 */
public final class SocketListeners {
    private final Routes routes;
    private final Master master;
    private final List<Forward> forwards;

    /** Nothing is looked at yet. */
    public SocketListeners(Routes routes, Master master) {
        this(routes, master, new ArrayList<>());
        for (Forward forward : routes.plan().forwards()) {
            if (forward.listener() instanceof Listener.UnixSocket) {
                forwards.add(forward);
            }
        }
    }

    private SocketListeners(Routes routes, Master master, List<Forward> forwards) {
        this.routes = routes;
        this.master = master;
        this.forwards = forwards;
    }

    /** Whether there is any. */
    public boolean isEmpty() {
        return forwards.isEmpty();
    }

    /** Those on this host, by their paths. */
    public List<String> here() {
        return paths(false);
    }

    private List<String> there() {
        return paths(true);
    }

    private List<String> paths(boolean remote) {
        List<String> paths = new ArrayList<>();
        for (Forward forward : forwards) {
            boolean there = forward.direction() == Direction.REMOTE;
            if (there == remote) {
                paths.add(path(forward));
            }
        }
        return paths;
    }

    private static String path(Forward forward) {
        return ((Listener.UnixSocket) forward.listener()).path();
    }

    /** What sftp is given on its standard input to remove those on the other host; empty when there is none. */
    public String removal() {
        StringBuilder batch = new StringBuilder();
        for (String path : there()) {
            // A hyphen in front: go on when it is not there.
            batch.append("-rm ").append(path).append('\n');
        }
        return batch.toString();
    }

    /**
     * Fails if something is in the way of one of them. The master runs.
     *
     * @return a warning if those on the other host will stay
     */
    public Optional<String> prepare(Deadline deadline) throws TunnelFailure, PosixException {
        for (String path : here()) {
            if (Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS)) {
                throw inTheWay(path);
            }
        }
        if (there().isEmpty()) {
            return Optional.empty();
        }
        StringBuilder batch = new StringBuilder();
        for (String path : there()) {
            batch.append("-ls -1 ").append(path).append('\n');
        }
        SshRuns.Reply reply = master.transfer(batch.toString().getBytes(StandardCharsets.UTF_8), deadline);
        if (!reply.outcome().isSuccess()) {
            return Optional.of("warning: sshd on " + routes.target() + " has no sftp: when the tunnel ends, "
                    + String.join(", ", there()) + " stays there, and is in the way of the next one");
        }
        for (String path : there()) {
            if (reply.lines().contains(path)) {
                throw inTheWay(path).contestable();
            }
        }
        return Optional.empty();
    }

    private TunnelFailure inTheWay(String path) {
        Forward forward = forward(path);
        Route route = routes.of(forward);
        return TunnelFailure.of(
                "forward " + routes.spec(forward) + " (" + route.text() + "): there is a " + path + " on "
                        + route.listeningHost() + " already",
                "remove it there if no program uses it (`rm " + path + "`), or choose another path");
    }

    private Forward forward(String path) {
        for (Forward forward : forwards) {
            if (path(forward).equals(path)) {
                return forward;
            }
        }
        throw new IllegalStateException(path);
    }

    /**
     * Those that stand, of a tunnel that comes to nothing: another one may have made the rest in the same moment. The master still
     * runs, and accepts once more what it has.
     */
    public SocketListeners made(Deadline deadline) throws TunnelFailure, PosixException {
        if (master.has(forwards, deadline)) {
            return this;
        }
        List<Forward> made = new ArrayList<>();
        for (Forward forward : forwards) {
            if (master.has(List.of(forward), deadline)) {
                made.add(forward);
            }
        }
        return new SocketListeners(routes, master, made);
    }

    /** Removes them, all of which are this tunnel's; the master still runs. */
    public void remove(Deadline deadline) throws TunnelFailure, PosixException {
        if (!removal().isEmpty()) {
            master.transfer(removal().getBytes(StandardCharsets.UTF_8), deadline);
        }
        for (String path : here()) {
            master.unlinkSocket(path);
        }
    }
}
