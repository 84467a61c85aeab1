package stunnel.runtime.ssh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private final Posix posix;
    private final SshCommands commands;
    private final ControlDirectory directory;
    private final Redirections redirections;
    private final SshLog sshLog;
    private final SshRuns runs;
    private final SshStart start;

    /** How much of ssh's log is about the tunnel, and not about what was tried in it. */
    private long said = Long.MAX_VALUE;

    /** Nothing is run yet. */
    public Master(
            Posix posix, Logger log, SshCommands commands, ControlDirectory directory, Redirections redirections) {
        this.posix = posix;
        this.commands = commands;
        this.directory = directory;
        this.redirections = redirections;
        this.sshLog = new SshLog(directory.path() + "/" + SshCommands.LOG);
        this.runs = new SshRuns(posix, log, directory);
        SshLog errors = new SshLog(directory.path() + "/" + SshCommands.ERRORS);
        this.start = new SshStart(log, commands, redirections, runs, sshLog, errors);
    }

    /** Connects, unless that was done before. The process that stays is no child of this one, and forwards nothing yet. */
    public void open(Routes routes, Deadline deadline) throws TunnelFailure, PosixException {
        List<String> errors = directory.isTaken() ? List.of() : start.connect(routes, deadline);
        checkSocket(routes, SshWords.of(sshLog.lines(), errors, false));
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
    SshRuns.Reply add(List<Forward> forwards, Deadline deadline) throws TunnelFailure, PosixException {
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
        SshRuns.Reply reply =
                capture(commands.cancel(forward), redirections.silent(), Redirections.STANDARD_ERROR, deadline);
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
    SshRuns.Reply transfer(byte[] batch, Deadline deadline) throws TunnelFailure, PosixException {
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
    SshRuns.Reply execute(String commandLine, Deadline deadline) throws TunnelFailure, PosixException {
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
    private SshRuns.Reply capture(List<String> argv, Map<Integer, Integer> others, int output, Deadline deadline)
            throws TunnelFailure, PosixException {
        return runs.capture(new SpawnRequest(argv, others), output, deadline);
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
        return runs.run(new SpawnRequest(argv, descriptors), deadline);
    }
}
