package stunnel.runtime.ssh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.slf4j.Logger;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Listener;
import stunnel.runtime.posix.Errno;
import stunnel.runtime.posix.FileStatus;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.PosixException;
import stunnel.runtime.posix.SpawnRequest;

/** The ssh process that holds a tunnel's connection: started in the background, asked for forwards, ended. */
public final class Master {
    /** A master that does not leave when it is asked to gets a signal after this, and after this again the last one. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** The file name of what a command says that is read. */
    private static final String REPLY = "reply";

    private final Posix posix;
    private final Logger log;
    private final SshCommands commands;
    private final ControlDirectory directory;
    private final Redirections redirections;
    private final SshLog sshLog;

    /** How much of ssh's log is about the tunnel, and not about what was tried in it. */
    private long said = Long.MAX_VALUE;

    /** Nothing is run yet. */
    public Master(
            Posix posix, Logger log, SshCommands commands, ControlDirectory directory, Redirections redirections) {
        this.posix = posix;
        this.log = log;
        this.commands = commands;
        this.directory = directory;
        this.redirections = redirections;
        this.sshLog = new SshLog(directory.path() + "/" + SshCommands.LOG);
    }

    /**
     * What became of a request to add forwards.
     *
     * @param outcome of the process that asked
     * @param lines the ports that sshd chose, if it was asked to, in the order of the forwards
     */
    record Reply(SshProcess.Outcome outcome, List<String> lines) {}

    /** Connects, unless that was done before. The process that stays is no child of this one, and forwards nothing yet. */
    public void open(Routes routes, Deadline deadline) throws TunnelFailure, PosixException {
        List<String> errors = directory.isTaken() ? List.of() : connect(routes, deadline);
        checkSocket(routes, SshWords.of(sshLog.lines(), errors, false));
    }

    /**
     * Only an sshd that may let us in a moment later is asked again; every other failure is told at once.
     *
     * @return what was said on standard error
     */
    private List<String> connect(Routes routes, Deadline deadline) throws TunnelFailure, PosixException {
        long start = System.nanoTime();
        Pauses pauses = new Pauses(new Random());
        SshWords words = SshWords.NONE;
        boolean detailed = false;
        for (int attempt = 1; ; attempt++) {
            Reply reply = start(detailed ? commands.startInDetail() : commands.start(), deadline);
            SshProcess.Outcome outcome = reply.outcome();
            if (outcome.isSuccess()) {
                return reply.lines();
            }
            // An attempt that was cut short has nothing to say: the one before it has.
            List<String> own = sshLog.lines();
            words = attempt > 1 && own.isEmpty() ? words : SshWords.of(own, reply.lines(), !outcome.expired());
            sshLog.restart();
            long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
            int pause = pauses.next();
            boolean unexplained = !detailed && ConnectProblem.isUnexplained(words);
            boolean again = !outcome.expired()
                    && (unexplained || ConnectProblem.mayPass(words, seconds))
                    && deadline.millisLeft() > pause;
            detailed |= unexplained;
            if (!again) {
                String times = attempt == 1 ? "" : " (attempt " + attempt + ")";
                throw ConnectProblem.failure(routes, outcome.text() + times, words);
            }
            log.info("attempt {} failed, the next one comes in {} ms: {}", attempt, pause, words.all());
            sleep(pause);
        }
    }

    /** Standard error is read apart from the log, unless the user gets it. */
    private Reply start(List<String> argv, Deadline deadline) throws TunnelFailure, PosixException {
        SpawnRequest request = new SpawnRequest(argv, redirections.descriptors(), commands.startVariables());
        return redirections.keepsErrors()
                ? capture(request, Redirections.STANDARD_ERROR, deadline)
                : new Reply(run(request, deadline), List.of());
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void checkSocket(Routes routes, SshWords words) throws TunnelFailure, PosixException {
        Optional<FileStatus> status = directory.status(SshCommands.SOCKET);
        if (status.isEmpty()) {
            throw ConnectProblem.failure(routes, "left no control socket", words);
        }
        if (!isOurs(status.get())) {
            throw ConnectProblem.failure(routes, "has a control socket of somebody else", words);
        }
    }

    /** Whether it is this user who listens on the control socket; nobody else is told anything. */
    private boolean isOurs(FileStatus socket) throws PosixException {
        int uid = posix.userId();
        return socket.isSocket()
                && socket.uid() == uid
                && posix.peer(commands.socket()).uid() == uid;
    }

    /** Adds forwards, all with one command; those that it has already are accepted once more. */
    Reply add(List<Forward> forwards, Deadline deadline) throws TunnelFailure, PosixException {
        return capture(commands.forward(forwards), redirections.descriptors(), Redirections.STANDARD_OUTPUT, deadline);
    }

    /** Whether these stand, or do from now on; what there is to say about that is nothing about the tunnel. */
    boolean has(List<Forward> forwards, Deadline deadline) throws TunnelFailure, PosixException {
        said = Math.min(said, sshLog.size());
        return add(forwards, deadline).outcome().isSuccess();
    }

    /** Takes a forward away; what goes through it now goes on. A port that sshd chose is known to ssh as a choice of sshd's. */
    public void cancel(Forward forward, Routes routes, Deadline deadline) throws TunnelFailure, PosixException {
        List<String> words = objections(forward, deadline);
        if (!words.isEmpty()
                && forward.direction() == Direction.REMOTE
                && forward.listener() instanceof Listener.Tcp tcp) {
            Listener any = new Listener.Auto(tcp.bind());
            Forward chosen = new Forward(forward.name(), forward.direction(), any, forward.destination());
            words = objections(chosen, deadline);
        }
        if (!words.isEmpty()) {
            throw TunnelFailure.of("ssh does not close " + routes.of(forward).text(), words, "end the whole tunnel");
        }
    }

    /** Why a forward was not taken away; empty if it was. Only the words of ssh tell: its exit status is 0 anyway. */
    private List<String> objections(Forward forward, Deadline deadline) throws TunnelFailure, PosixException {
        Reply reply = capture(commands.cancel(forward), redirections.silent(), Redirections.STANDARD_ERROR, deadline);
        List<String> words = new ArrayList<>();
        boolean failed = false;
        for (String line : reply.lines()) {
            failed |= line.contains("request failed");
            if (!line.startsWith("debug1: ") && !line.startsWith("OpenSSH_")) {
                words.add(line);
            }
        }
        if (failed) {
            return words;
        }
        return reply.outcome().isSuccess() ? List.of() : List.of(reply.outcome().text());
    }

    /** Connects to a listener at the far end, so that an sshd notices whose client is gone. False: it has none to connect to. */
    boolean knock(Forward forward, Deadline deadline) throws TunnelFailure, PosixException {
        List<String> argv = commands.knock(List.of(forward));
        if (!argv.isEmpty()) {
            run(argv, redirections.silent(), deadline);
            sshLog.restart();
        }
        return !argv.isEmpty();
    }

    /** Does with the files of the other host what an sftp(1) batch says. */
    Reply transfer(byte[] batch, Deadline deadline) throws TunnelFailure, PosixException {
        int file = directory.create(SshCommands.BATCH);
        try {
            posix.write(file, batch);
            return capture(commands.transfer(), redirections.silent(), Redirections.STANDARD_OUTPUT, deadline);
        } finally {
            posix.close(file);
            directory.remove(SshCommands.BATCH);
        }
    }

    /** Removes a socket of this user's, and nothing else. */
    void unlinkSocket(String path) throws PosixException {
        int root = posix.openRoot();
        try {
            FileStatus status = posix.status(root, path);
            if (status.isSocket() && status.uid() == posix.userId()) {
                posix.removeFile(root, path);
            }
        } catch (PosixException e) {
            if (e.errno() != Errno.ENOENT) {
                throw e;
            }
        } finally {
            posix.close(root);
        }
    }

    /** Fails if sshd does not carry what the forwards accept, which stand. */
    public void checkPassage(Routes routes) throws TunnelFailure, PosixException {
        said = sshLog.size();
        passage().check(routes);
    }

    Passage passage() {
        // No lambda: it would be linked at run time, after a login that its user waits for.
        return new Passage(new Passage.Trial() {
            @Override
            public List<String> words(String destination, Deadline limit) throws TunnelFailure, PosixException {
                return reach(destination, limit);
            }
        });
    }

    /** Runs a command line in the user's shell on the other host; the reply has what it wrote to standard error. */
    Reply execute(String commandLine, Deadline deadline) throws TunnelFailure, PosixException {
        return capture(commands.execute(commandLine), redirections.silent(), Redirections.STANDARD_ERROR, deadline);
    }

    /** Whether the process that stays still does. */
    boolean answers(Deadline deadline) throws TunnelFailure, PosixException {
        return run(commands.check(), redirections.silent(), deadline).isSuccess();
    }

    /** What ssh had to say so far. */
    List<String> words() {
        return sshLog.lines();
    }

    private List<String> reach(String destination, Deadline deadline) throws TunnelFailure, PosixException {
        sshLog.restart();
        run(commands.reach(destination), redirections.silent(), deadline);
        return sshLog.lines();
    }

    /** Runs a command, one of whose outputs is read. */
    private Reply capture(List<String> argv, Map<Integer, Integer> others, int output, Deadline deadline)
            throws TunnelFailure, PosixException {
        return capture(new SpawnRequest(argv, others), output, deadline);
    }

    private Reply capture(SpawnRequest request, int output, Deadline deadline) throws TunnelFailure, PosixException {
        int reply = directory.create(REPLY);
        try {
            Map<Integer, Integer> descriptors = new HashMap<>(request.descriptors());
            descriptors.put(output, reply);
            SshProcess.Outcome outcome =
                    run(new SpawnRequest(request.argv(), descriptors, request.variables()), deadline);
            return new Reply(outcome, new SshLog(directory.path() + "/" + REPLY).lines());
        } finally {
            posix.close(reply);
            directory.remove(REPLY);
        }
    }

    /** Ends ssh in every state that it can be in, also when nobody knows its pid. */
    public void stop() throws TunnelFailure, PosixException {
        if (canBeTold()) {
            run(commands.stop(), redirections.silent(), Deadline.after(PATIENCE));
        }
        new Leftovers(posix, commands.socket()).end(PATIENCE);
    }

    private boolean canBeTold() {
        try {
            Optional<FileStatus> status = directory.status(SshCommands.SOCKET);
            return status.isPresent() && isOurs(status.get());
        } catch (PosixException e) {
            return false; // nobody listens, or too many talk to who does
        }
    }

    /** Copies ssh's log to where helpertask_args sent standard error; once, when nothing more is run. */
    public void passLogOn() throws PosixException {
        byte[] bytes = sshLog.bytes();
        redirections.passOn(Arrays.copyOf(bytes, (int) Math.min(said, bytes.length)));
    }

    private SshProcess.Outcome run(List<String> argv, Map<Integer, Integer> descriptors, Deadline deadline)
            throws TunnelFailure {
        return run(new SpawnRequest(argv, descriptors), deadline);
    }

    private SshProcess.Outcome run(SpawnRequest request, Deadline deadline) throws TunnelFailure {
        try {
            return SshProcess.run(posix, log, request, deadline);
        } catch (PosixException e) {
            throw TunnelFailure.of(
                    request.argv().get(0) + " cannot be run: " + e.reason(),
                    SystemProblem.nextStep(e)
                            .orElse(
                                    "ask the administrator to correct ssh_cmd in plugstack.conf, or ssh.command in stunnel.conf"));
        }
    }
}
