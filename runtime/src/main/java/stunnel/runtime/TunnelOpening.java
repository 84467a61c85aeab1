package stunnel.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.helpers.NOPLogger;
import stunnel.config.LogLevel;
import stunnel.config.LogSettings;
import stunnel.config.Settings;
import stunnel.plan.Forward;
import stunnel.plan.Listener;
import stunnel.plan.Origin;
import stunnel.plan.TunnelPlan;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.PosixException;
import stunnel.runtime.ssh.ControlDirectory;
import stunnel.runtime.ssh.Deadline;
import stunnel.runtime.ssh.Master;
import stunnel.runtime.ssh.PathTokens;
import stunnel.runtime.ssh.PortForwarding;
import stunnel.runtime.ssh.Redirections;
import stunnel.runtime.ssh.Routes;
import stunnel.runtime.ssh.SocketListeners;
import stunnel.runtime.ssh.SshCommands;
import stunnel.runtime.ssh.SshTuning;
import stunnel.runtime.ssh.SystemProblem;
import stunnel.runtime.ssh.TunnelFailure;

/** The way from an accepted request to a tunnel that is up, or to nothing left of it. */
final class TunnelOpening {
    private final Posix posix;
    private final Request.Open request;
    private final Settings settings;
    private final MessageWriter answers;
    private final PathTokens tokens;
    private final SshTuning tuning;
    private final Routes routes;
    /** For removing the sockets of a tunnel that comes to nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final List<String> warnings = new ArrayList<>();
    private Optional<SocketListeners> announcedSockets = Optional.empty();
    private Logger log = NOPLogger.NOP_LOGGER;

    TunnelOpening(Posix posix, Request.Open request, TunnelPlan plan, Settings settings, MessageWriter answers) {
        this.posix = posix;
        this.request = request;
        this.settings = settings;
        this.answers = answers;
        this.tokens = new PathTokens(request.facts().uid(), request.job(), request.host());
        this.tuning = SshTuning.of(settings.ssh(), Path.of(request.facts().prefix()));
        this.routes = new Routes(plan, request.host(), request.target());
    }

    /** Answers "opening" before ssh is started; returns the answer that the tunnel is up, or that it is not. */
    Message open() {
        try {
            Deadline deadline = Deadline.after(settings.ssh().startTimeout());
            Identity.check(posix, request);
            checkPorts();
            posix.makeNewFilesPrivate();
            openLog();
            try (ControlDirectory directory = controlDirectory()) {
                return openIn(directory, deadline);
            }
        } catch (TunnelFailure e) {
            return failed(Collision.explained(
                    e, routes, settings.policy(), directories(), request.facts().uid()));
        } catch (PosixException e) {
            Optional<TunnelFailure> known = SystemProblem.failure(e);
            return known.isPresent() ? failed(known.get()) : unexpected(e);
        } catch (IOException | RuntimeException | Error e) {
            return unexpected(e);
        }
    }

    private TunnelDirectories directories() {
        return new TunnelDirectories(posix, settings.control().dir(), request.host());
    }

    /** The components of a heterogeneous step must agree on a port, and only one of them would be told. */
    private void checkPorts() throws TunnelFailure {
        for (Forward forward : routes.plan().forwards()) {
            if (request.isHeterogeneous() && forward.listener() instanceof Listener.Auto) {
                throw TunnelFailure.of(
                        "forward " + routes.spec(forward) + ": auto chooses no port for a heterogeneous step",
                        "name a port");
            }
        }
    }

    /** That of the keeper's login, where this is the login that would be made now; the keeper ends any other one. */
    private ControlDirectory controlDirectory() throws TunnelFailure, IOException {
        String parent = tokens.expand(settings.control().dir());
        if (request.login().isPresent() && isWanted(request.login().get())) {
            Login login = request.login().get();
            Optional<ControlDirectory> made = ControlDirectory.takeOver(posix, parent, login.directory());
            if (made.isPresent()) {
                announce(login.directory());
                return made.get();
            }
        }
        return ControlDirectory.create(posix, parent, this::announce);
    }

    private boolean isWanted(Login login) {
        return settings.helperTask().redirections().isEmpty()
                && login.preload().equals(tuning.library())
                && login.start().equals(commandsIn(login.directory()).start());
    }

    /** From here on the keeper can end what this process begins. */
    private void announce(String directory) throws IOException {
        answers.write(Answers.opening(directory, commandsIn(directory).stop()));
    }

    private SshCommands commandsIn(String directory) {
        return new SshCommands(settings, tuning, directory, request.target());
    }

    private Message failed(TunnelFailure failure) {
        log.error("{}", failure.text());
        String text = withWarnings(failure.text());
        return audited(
                failure.isContestable()
                        ? Answers.contested(text, settings.start())
                        : Answers.failed(text, settings.start()));
    }

    private Message audited(Message failed) {
        return settings.log().audit() ? Audit.failed(failed, request, routes.plan()) : failed;
    }

    private Message unexpected(Throwable thrown) {
        log.error("unexpected", thrown);
        return audited(Answers.failed(Unexpected.text(thrown), settings.start()));
    }

    private Message openIn(ControlDirectory directory, Deadline deadline) throws TunnelFailure, IOException {
        try {
            return openWith(commandsIn(directory.path()), directory, deadline);
        } catch (TunnelFailure | IOException | RuntimeException | Error e) {
            remove(directory);
            throw e;
        }
    }

    private Message openWith(SshCommands commands, ControlDirectory directory, Deadline deadline)
            throws TunnelFailure, IOException {
        try (Redirections redirections = Redirections.open(posix, directory, settings.helperTask(), tokens)) {
            warnings.addAll(redirections.warnings());
            Master master = new Master(posix, log, commands, directory, redirections);
            SocketListeners sockets = new SocketListeners(routes, master);
            try {
                master.open(routes, deadline);
                announce(sockets, commands, deadline);
                TunnelPlan opened = new PortForwarding(master, routes, settings.policy()).open(deadline);
                Routes standing = new Routes(opened, request.host(), request.target());
                master.checkPassage(standing);
                return ready(standing, commands);
            } catch (TunnelFailure | IOException | RuntimeException | Error e) {
                stop(master, announcedSockets);
                throw e;
            } finally {
                passLogOn(master);
            }
        }
    }

    private void remove(ControlDirectory directory) {
        try {
            directory.removeAll();
        } catch (IOException e) {
            log.error("{} stays", directory.path(), e);
        }
    }

    /** The keeper learns of the sockets before they are made, and only of those that are: what was there before is not ours. */
    private void announce(SocketListeners sockets, SshCommands commands, Deadline deadline)
            throws TunnelFailure, IOException {
        if (!sockets.isEmpty()) {
            sockets.prepare(deadline).ifPresent(warnings::add);
            answers.write(Answers.opening(
                    commands.directory(), commands.stop(), sockets.here(), commands.transfer(), sockets.removal()));
            announcedSockets = Optional.of(sockets);
        }
    }

    private void stop(Master master, Optional<SocketListeners> sockets) {
        try {
            if (sockets.isPresent()) {
                sockets.get().made(Deadline.after(PATIENCE)).remove(Deadline.after(PATIENCE));
            }
        } catch (TunnelFailure | IOException e) {
            log.error("sockets may be left", e);
        }
        try {
            master.stop();
        } catch (TunnelFailure | IOException e) {
            log.error("ssh may be left", e);
        }
    }

    private void passLogOn(Master master) {
        try {
            master.passLogOn();
        } catch (IOException e) {
            log.error("helpertask_args: ssh's words are lost", e);
        }
    }

    /** With the ports that were chosen: a tunnel that comes back, comes back on them. */
    private Message ready(Routes standing, SshCommands commands) {
        String news = settings.log().announce() ? "tunnel up: " + standing.text() + laptopLine(standing) : "";
        log.info("the master holds {}", standing.text());
        List<String> environment =
                JobEnvironment.of(standing.plan(), Optional.of(request.host()), Optional.of(request.target()));
        Message ready = Answers.withWords(Answers.ready(standing, environment), String.join("\n", warnings), news);
        return withNextLogin(Answers.withCommands(
                settings.log().audit() ? Audit.opened(ready, request) : ready,
                commands.start(),
                tuning.library(),
                commands.forward(standing.plan().forwards()),
                commands.knock(standing.plan().forwards())));
    }

    /** How the keeper can begin with the next tunnel of this value: in a directory whose name no other one gets. */
    private Message withNextLogin(Message ready) {
        String parent = settings.control().dir();
        boolean isForeseen = request.facts().origin() == Origin.SRUN
                && settings.helperTask().redirections().isEmpty()
                && parent.indexOf('%') < 0;
        return isForeseen
                ? Answers.withNextLogin(
                        ready,
                        commandsIn(
                                ControlDirectory.newPath(parent, request.facts().uid())))
                : ready;
    }

    private String laptopLine(Routes standing) {
        Optional<String> line = LaptopLine.of(
                standing, RunningProcess.own(), System.getProperty("user.name", ""), settings.loginHost());
        return line.isPresent()
                ? "\non your own computer: " + LaptopLine.shown(line.get(), request.job(), standing.opener())
                : "";
    }

    private String withWarnings(String text) {
        List<String> lines = new ArrayList<>(warnings);
        if (!text.isEmpty()) {
            lines.add(text);
        }
        return String.join("\n", lines);
    }

    /** The tunnel matters more than its log. */
    private void openLog() {
        LogSettings wanted = settings.log();
        if (wanted.level() == LogLevel.OFF || wanted.file().isEmpty()) {
            return;
        }
        try {
            log = TraceLog.open(
                    posix, tokens.expand(wanted.file().get()), wanted.level().text());
        } catch (IOException e) {
            warnings.add("warning: log.file is not used: " + e.getMessage());
        }
    }
}
