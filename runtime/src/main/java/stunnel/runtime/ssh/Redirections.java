package stunnel.runtime.ssh;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stunnel.config.HelperTask;
import stunnel.config.Redirection;
import stunnel.runtime.posix.FileAccess;
import stunnel.runtime.posix.FileStatus;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.PosixException;

/**
 * Standard input, output and error of the start and forward commands, opened once: what helpertask_args says, else /dev/null, and
 * the log for standard error. A file that is not safe to write to is left out with a warning: the tunnel matters more.
 */
public final class Redirections implements AutoCloseable {
    private static final int STANDARD_INPUT = 0;
    static final int STANDARD_OUTPUT = 1;
    static final int STANDARD_ERROR = 2;
    private static final String NULL_DEVICE = "/dev/null";

    private final Posix posix;
    private final List<Integer> opened = new ArrayList<>();
    private final Map<Integer, Integer> descriptors = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final int input;
    private final int output;
    private final int sshLog;
    private final int errors;

    private Redirections(Posix posix, Optional<ControlDirectory> directory) throws TunnelFailure, PosixException {
        this.posix = posix;
        this.input = kept(posix.openFile(NULL_DEVICE, FileAccess.READ));
        this.output = kept(posix.openFile(NULL_DEVICE, FileAccess.APPEND));
        this.sshLog = directory.isPresent() ? kept(directory.get().createWithRoom(SshCommands.LOG)) : output;
        this.errors = directory.isPresent() ? kept(directory.get().append(SshCommands.ERRORS)) : output;
        descriptors.putAll(silent());
        descriptors.put(STANDARD_ERROR, sshLog);
    }

    /** For commands to a master that stands: what they say is not kept, the master's log is. */
    public static Redirections none(Posix posix) throws TunnelFailure, PosixException {
        return new Redirections(posix, Optional.empty());
    }

    /** Opens everything, from left to right as a shell does. */
    public static Redirections open(Posix posix, ControlDirectory directory, HelperTask task, PathTokens tokens)
            throws TunnelFailure, PosixException {
        Redirections redirections = new Redirections(posix, Optional.of(directory));
        for (Redirection redirection : task.redirections()) {
            redirections.add(redirection, tokens);
        }
        return redirections;
    }

    private void add(Redirection redirection, PathTokens tokens) {
        if (redirection instanceof Redirection.Duplicate duplicate) {
            descriptors.put(duplicate.fd(), descriptors.getOrDefault(duplicate.sourceFd(), sshLog));
        } else if (redirection instanceof Redirection.Read read) {
            openFile(read.fd(), tokens.expand(read.path()), FileAccess.READ);
        } else if (redirection instanceof Redirection.Append append) {
            openFile(append.fd(), tokens.expand(append.path()), FileAccess.APPEND);
        } else if (redirection instanceof Redirection.Write write) {
            openFile(write.fd(), tokens.expand(write.path()), FileAccess.WRITE);
        }
    }

    private void openFile(int target, String path, FileAccess access) {
        try {
            int fd = kept(posix.openFile(path, access));
            FileStatus status = posix.status(fd);
            if (status.isRegular() && status.uid() == posix.userId() && !status.hasOtherNames()) {
                if (access == FileAccess.WRITE) {
                    posix.truncate(fd);
                }
                descriptors.put(target, fd);
            } else if (status.isNullDevice()) {
                descriptors.put(target, fd);
            } else {
                warn(path, objection(status));
            }
        } catch (PosixException e) {
            warn(path, e.reason());
        }
    }

    private String objection(FileStatus status) {
        if (!status.isRegular()) {
            return "it is no file";
        }
        return status.uid() == posix.userId()
                ? "it is a hard link to a file that has another name"
                : "it belongs to another user (uid " + status.uid() + ")";
    }

    private void warn(String path, String reason) {
        warnings.add("warning: helpertask_args: " + path + " is not used: " + reason);
    }

    private int kept(int fd) {
        opened.add(fd);
        return fd;
    }

    /** The new process's descriptors and what each is a copy of. */
    Map<Integer, Integer> descriptors() {
        return descriptors;
    }

    /** The same for the start command, whose standard error is apart from its log unless the user gets it. */
    Map<Integer, Integer> ofStart() {
        Map<Integer, Integer> start = new HashMap<>(descriptors);
        if (keepsErrors()) {
            start.put(STANDARD_ERROR, errors);
        }
        return start;
    }

    /** /dev/null throughout, for commands that nobody listens to. */
    Map<Integer, Integer> silent() {
        Map<Integer, Integer> silent = new HashMap<>();
        silent.put(STANDARD_INPUT, input);
        silent.put(STANDARD_OUTPUT, output);
        silent.put(STANDARD_ERROR, output);
        return silent;
    }

    /** One line for each file that could not be used. */
    public List<String> warnings() {
        return warnings;
    }

    /** Whether standard error is sent nowhere else. */
    private boolean keepsErrors() {
        return descriptors.getOrDefault(STANDARD_ERROR, sshLog) == sshLog;
    }

    /** After -f ssh writes to its log alone: this passes it on to where standard error was sent. */
    void passOn(byte[] log) throws PosixException {
        if (!keepsErrors()) {
            posix.write(descriptors.getOrDefault(STANDARD_ERROR, sshLog), log);
        }
    }

    @Override
    public void close() {
        for (int fd : opened) {
            posix.close(fd);
        }
    }
}
