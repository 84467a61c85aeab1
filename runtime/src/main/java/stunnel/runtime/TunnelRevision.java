package stunnel.runtime;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Source;
import stunnel.parser.Compilation;
import stunnel.parser.TunnelCompiler;
import stunnel.plan.Forward;
import stunnel.plan.TunnelPlan;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.Signal;
import stunnel.runtime.ssh.Deadline;
import stunnel.runtime.ssh.PortForwarding;
import stunnel.runtime.ssh.Routes;
import stunnel.runtime.ssh.SocketListeners;
import stunnel.runtime.ssh.TunnelFailure;

/**
 * Forwards that a tunnel gets, or loses, while it stands. Its keeper learns of them too, since it brings the tunnel back after a loss
 * without asking anybody.
 */
public final class TunnelRevision implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int POLL_MILLIS = 20;
    private static final String AGAIN = "try again once " + OwnCommand.quoted("list") + " shows that it is up";

    private final Posix posix;
    private final TunnelDirectories directories;
    private final String path;
    private final Message before;
    private final TunnelReport.Details details;
    private final Request.Facts facts;
    private final StandingMaster ssh;
    private final FileChannel lock;
    private final List<String> warnings = new ArrayList<>();
    private final Deadline deadline = Deadline.after(LIMIT);

    private TunnelRevision(Posix posix, TunnelDirectories directories, String path, FileChannel lock)
            throws TunnelFailure, IOException {
        this.posix = posix;
        this.directories = directories;
        this.path = path;
        this.lock = lock;
        this.before = standing();
        this.details = TunnelReport.details(before);
        this.facts = Request.of(before).facts();
        this.ssh = StandingMaster.of(posix, path, before);
    }

    /** Begins with one that is up; nobody else changes it until this is closed. */
    public static TunnelRevision of(Posix posix, TunnelDirectories directories, TunnelReport report)
            throws TunnelFailure, IOException {
        posix.makeNewFilesPrivate();
        // Locked by the kernel: it goes with this process, however that ends. The keeper removes the file with the
        // directory.
        FileChannel lock = FileChannel.open(
                Path.of(report.directory(), "revision"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock taken = lock.tryLock();
            if (taken == null) {
                throw TunnelFailure.of("another command changes it just now", "try again when that has ended");
            }
            return new TunnelRevision(posix, directories, report.directory(), lock);
        } catch (TunnelFailure | IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** What a user asks for in addition: alone within the site's policy, and together with what is there without a conflict. */
    public Compilation compile(String spec) {
        Compilation alone = TunnelCompiler.compile(
                new Source("SPEC", spec),
                facts.origin(),
                facts.isPrivileged(),
                ssh.settings().policy());
        if (alone.plan().isEmpty()) {
            return alone;
        }
        String all = details.routes().plan().text() + "," + alone.plan().get().text();
        Compilation together = TunnelCompiler.compile(new Source("SPEC", all), facts.origin(), true);
        return together.plan().isPresent() ? alone : together;
    }

    /** Adds forwards, and returns them with the ports that were chosen. Those are known only once they are bound: the keeper hears last. */
    public Routes add(TunnelPlan more) throws TunnelFailure, IOException {
        Routes asked = routes(more.forwards());
        List<Forward> all = new ArrayList<>(forwards());
        if (all.size() + more.forwards().size() > ssh.settings().policy().mostForwards()) {
            throw TunnelFailure.of(
                    "it would have more than " + ssh.settings().policy().mostForwards() + " forwards", "close some");
        }
        new SocketListeners(asked, ssh.master()).prepare(deadline).ifPresent(warnings::add);
        List<Forward> added = new ArrayList<>();
        try {
            // One by one: of several that are asked for at once nobody knows which stand when one does not.
            for (Forward forward : asked.plan().forwards()) {
                added.add(open(forward));
            }
            ssh.master().checkPassage(routes(added));
            all.addAll(added);
            tell(all);
        } catch (TunnelFailure e) {
            takeBack(added, e);
            throw Collision.explained(e, asked, ssh.settings().policy(), directories, posix.userId());
        } catch (IOException e) {
            takeBack(added, e);
            throw e;
        }
        if (!isSameConnection()) {
            // It was lost and came back before the keeper heard.
            new PortForwarding(ssh.master(), routes(added), ssh.settings().policy()).open(deadline);
        }
        return routes(added);
    }

    /** What could not be done, and matters less than the forwards. */
    public List<String> warnings() {
        return warnings;
    }

    private Forward open(Forward forward) throws TunnelFailure, IOException {
        Routes asked = routes(List.of(forward));
        Routes standing =
                routes(new PortForwarding(ssh.master(), asked, ssh.settings().policy())
                        .open(deadline)
                        .forwards());
        Forward opened = standing.plan().forwards().get(0);
        if (isThere(opened)) {
            // ssh takes `-R 0` to the same destination for the same forward.
            throw TunnelFailure.of(
                    "the tunnel has it already: " + standing.text(), "use that, or open another tunnel with its JOBID");
        }
        return opened;
    }

    private boolean isThere(Forward forward) {
        return forwards().stream()
                .anyMatch(one ->
                        one.direction() == forward.direction() && one.listener().equals(forward.listener()));
    }

    /** Takes one of several away. The keeper hears first, so that a loss at this moment does not bring it back. */
    public void remove(Forward forward) throws TunnelFailure, IOException {
        List<Forward> rest = new ArrayList<>(forwards());
        rest.remove(forward);
        tell(rest);
        try {
            takeBack(routes(List.of(forward)));
        } catch (TunnelFailure e) {
            if (isSameConnection()) {
                tell(forwards());
                throw e.withNextStep(OwnCommand.quoted("close " + details.id()) + " ends the whole tunnel");
            }
        }
    }

    private void takeBack(List<Forward> added, Exception reason) {
        try {
            if (!added.isEmpty()) {
                takeBack(routes(added));
            }
        } catch (TunnelFailure | IOException e) {
            reason.addSuppressed(e);
        }
    }

    private void takeBack(Routes routes) throws TunnelFailure, IOException {
        for (Forward forward : routes.plan().forwards()) {
            ssh.master().cancel(forward, routes, deadline);
        }
        new SocketListeners(routes, ssh.master()).remove(deadline);
    }

    private List<Forward> forwards() {
        return details.routes().plan().forwards();
    }

    private Routes routes(List<Forward> forwards) {
        Routes now = details.routes();
        return new Routes(new TunnelPlan(now.plan().origin(), forwards), now.opener(), now.target());
    }

    /** Returns once the keeper would bring back these. */
    private void tell(List<Forward> forwards) throws TunnelFailure, IOException {
        Routes routes = routes(forwards);
        Message ready = Answers.ready(routes, before.all("env"));
        Message words = Answers.withTraces(
                Answers.withCommands(
                        ready,
                        before.all("start"),
                        before.optional("preload"),
                        ssh.commands().forward(forwards),
                        ssh.commands().knock(forwards)),
                ssh.commands(),
                new SocketListeners(routes, ssh.master()));
        Path whole = Path.of(path, "commands.new");
        try (var file = Files.newOutputStream(whole)) {
            new MessageWriter(file).write(words);
        }
        Files.move(whole, Path.of(path, "commands"), StandardCopyOption.ATOMIC_MOVE);
        posix.kill(details.keeper(), Signal.USR1);
        String plan = routes.plan().text();
        while (!standing().required("plan").equals(plan)) {
            if (deadline.isOver()) {
                throw TunnelFailure.of("its keeper does not take other forwards", AGAIN);
            }
            pause();
        }
    }

    private boolean isSameConnection() throws TunnelFailure, IOException {
        return standing().required("reconnects").equals(before.required("reconnects"));
    }

    /** The keeper's word on it, as long as it is up. */
    private Message standing() throws TunnelFailure, IOException {
        Optional<Message> state = directories.state(path);
        if (state.isEmpty() || TunnelReport.status(state.get()) != TunnelReport.Status.UP) {
            throw TunnelFailure.of("the tunnel is not up", AGAIN);
        }
        return state.get();
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        ssh.close();
        lock.close();
    }
}
