package stunnel.runtime.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.helpers.NOPLogger;
import stunnel.config.Settings;
import stunnel.plan.Destination;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;
import stunnel.plan.Origin;
import stunnel.plan.TunnelPlan;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.PosixException;

/** A tunnel that is opened as every other one is, to see how far that goes; closing it leaves nothing. */
public final class TrialTunnel implements AutoCloseable {
    /** Where a trial of a local forward leads to. */
    public static final String DESTINATION = Passage.NOWHERE;

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Leads to a port where nothing listens. */
    private static final Forward REMOTE = new Forward(
            Optional.empty(),
            Direction.REMOTE,
            new Listener.Auto(Host.LOOPBACK),
            new Destination.Tcp(Host.LOCALHOST, 1));

    private final Settings settings;
    private final ControlDirectory directory;
    private final Redirections redirections;
    private final Master master;
    private final Routes routes;
    private boolean closed;

    private TrialTunnel(
            Settings settings, ControlDirectory directory, Redirections redirections, Master master, Routes routes) {
        this.settings = settings;
        this.directory = directory;
        this.redirections = redirections;
        this.master = master;
        this.routes = routes;
    }

    /** Makes the control directory, and the files in it. */
    public static TrialTunnel prepare(
            Posix posix, Settings settings, SshTuning tuning, PathTokens tokens, String target)
            throws TunnelFailure, IOException {
        posix.makeNewFilesPrivate();
        ControlDirectory directory =
                ControlDirectory.create(posix, tokens.expand(settings.control().dir()), path -> {});
        try {
            Redirections redirections = Redirections.open(posix, directory, settings.helperTask(), tokens);
            SshCommands commands = new SshCommands(settings, tuning, directory.path(), target);
            Master master = new Master(posix, NOPLogger.NOP_LOGGER, commands, directory, redirections);
            Routes routes = new Routes(new TunnelPlan(Origin.SRUN, List.of(REMOTE)), tokens.host(), target);
            return new TrialTunnel(settings, directory, redirections, master, routes);
        } catch (TunnelFailure | IOException | RuntimeException e) {
            directory.removeAll();
            directory.close();
            throw e;
        }
    }

    /** The path of its control socket. */
    public String socket() {
        return directory.path() + "/" + SshCommands.SOCKET;
    }

    /** The longest such path that ssh can use, in bytes. */
    public static int longestSocketPath() {
        return ControlDirectory.LONGEST_SOCKET_PATH;
    }

    /** What of helpertask_args could not be done. */
    public List<String> warnings() {
        return redirections.warnings();
    }

    /** Connects. */
    public void login() throws TunnelFailure, PosixException {
        master.open(routes, Deadline.after(settings.ssh().startTimeout()));
    }

    /** Why sshd does not carry what listeners of this host would accept, in its words; empty if it does. */
    public Optional<String> localObjection() throws TunnelFailure, PosixException {
        return master.passage().objection();
    }

    /** Why sshd does not listen for us, in ssh's words; empty if it does. */
    public Optional<String> remoteObjection() throws TunnelFailure, PosixException {
        SshRuns.Reply reply = master.add(List.of(REMOTE), Deadline.after(PATIENCE));
        if (reply.outcome().isSuccess()) {
            return Optional.empty();
        }
        for (String line : master.words()) {
            if (line.contains("remote port forwarding failed")) {
                return Optional.of(line);
            }
        }
        return Optional.of("ssh " + reply.outcome().text());
    }

    /** Runs a command line in the user's shell over there; empty if it succeeds, else what it said, or how it ended. */
    public List<String> complaints(String commandLine) throws TunnelFailure, PosixException {
        SshRuns.Reply reply =
                master.execute(commandLine, Deadline.after(settings.ssh().startTimeout()));
        if (reply.outcome().isSuccess()) {
            return List.of();
        }
        return reply.lines().isEmpty() ? List.of("it " + reply.outcome().text()) : reply.lines();
    }

    /** What to do after these signs of a connection that one host did not get to another. */
    public static String nextStep(List<String> signs, String opener, String target) {
        return ConnectProblem.nextStep(signs, opener, target);
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            master.stop();
        } catch (TunnelFailure e) {
            throw new IOException(e.text(), e);
        } finally {
            redirections.close();
            directory.removeAll();
            directory.close();
        }
    }
}
