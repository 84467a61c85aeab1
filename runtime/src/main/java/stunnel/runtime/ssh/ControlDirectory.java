package stunnel.runtime.ssh;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import stunnel.runtime.posix.Errno;
import stunnel.runtime.posix.FileAccess;
import stunnel.runtime.posix.FileStatus;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.PosixException;

/**
 * The private directory of one tunnel, with ssh's control socket and log in it. It is held open by descriptors, so that what is
 * looked at and removed is the directory that was made, whatever happens to its name.
 */
public final class ControlDirectory implements AutoCloseable {
    /** ssh binds {@code <path>.<16 random characters>} first, and sun_path of unix(7) holds 108 bytes. */
    static final int LONGEST_SOCKET_PATH = 90;

    private static final int PRIVATE = 0700;

    private final Posix posix;
    private final String path;
    private final String name;
    private final int parent;
    private final int fd;

    /** Whether ssh has begun to use it. */
    private boolean taken;

    private ControlDirectory(Posix posix, String path, String name, int parent, int fd) {
        this.posix = posix;
        this.path = path;
        this.name = name;
        this.parent = parent;
        this.fd = fd;
    }

    /** Hears of a directory before it is made, so that nobody has to be told of one that is there already. */
    @FunctionalInterface
    public interface Announcement {
        /** The directory {@code path} comes next, unless the name is taken. */
        void of(String path) throws IOException;
    }

    /**
     * Makes {@code <parent>/stunnel-<uid>-<random>/}. Every directory on the way must belong to root or this user, and be safe
     * from other users' renames; no symbolic link is followed.
     */
    public static ControlDirectory create(Posix posix, String parentPath, Announcement announcement)
            throws TunnelFailure, IOException {
        int parent = TrustedPath.open(posix, parentPath);
        try {
            for (RandomNames names = RandomNames.of(posix.userId()); ; ) {
                String name = names.next();
                String path = path(parentPath, name);
                checkLength(path);
                announcement.of(path);
                Optional<ControlDirectory> made = make(posix, path, name, parent);
                if (made.isPresent()) {
                    return made.get();
                }
            }
        } catch (PosixException e) {
            posix.close(parent);
            throw TunnelFailure.of(
                    "the control directory cannot be made in " + parentPath + ": " + e.reason(),
                    SystemProblem.Step.ROOM);
        } catch (TunnelFailure | IOException | RuntimeException e) {
            posix.close(parent);
            throw e;
        }
    }

    /** A path for one that somebody else will make. */
    public static String newPath(String parentPath, int uid) {
        return path(parentPath, RandomNames.of(uid).next());
    }

    private static String path(String parentPath, String name) {
        return (parentPath.equals("/") ? "" : parentPath) + "/" + name;
    }

    /** One in which a login was made; empty if it is not what {@link #create} would have made. */
    public static Optional<ControlDirectory> takeOver(Posix posix, String parentPath, String path)
            throws TunnelFailure {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!path.equals(path(parentPath, name))) {
            return Optional.empty();
        }
        int parent = TrustedPath.open(posix, parentPath);
        int fd = -1;
        try {
            fd = posix.openDirectory(parent, name);
            FileStatus status = posix.status(fd);
            if (status.uid() == posix.userId() && status.permissions() == PRIVATE) {
                posix.lockShared(fd);
                ControlDirectory directory = new ControlDirectory(posix, path, name, parent, fd);
                directory.taken = true;
                return Optional.of(directory);
            }
        } catch (PosixException e) {
            // Then a new one is made.
        }
        if (fd >= 0) {
            posix.close(fd);
        }
        posix.close(parent);
        return Optional.empty();
    }

    /** Whether a login was made in it before it was taken over. */
    boolean isTaken() {
        return taken;
    }

    /** One that is there already, and this user's. */
    public static ControlDirectory open(Posix posix, String path) throws PosixException {
        int slash = path.lastIndexOf('/');
        int root = posix.openRoot();
        try {
            int parent = posix.openDirectory(root, slash == 0 ? "/" : path.substring(0, slash));
            String name = path.substring(slash + 1);
            return new ControlDirectory(posix, path, name, parent, posix.openDirectory(parent, name));
        } finally {
            posix.close(root);
        }
    }

    /** Empty when the name is taken. */
    private static Optional<ControlDirectory> make(Posix posix, String path, String name, int parent)
            throws PosixException {
        try {
            posix.makeDirectory(parent, name);
        } catch (PosixException e) {
            if (e.errno() == Errno.EEXIST) {
                return Optional.empty();
            }
            throw e;
        }
        int fd = posix.openDirectory(parent, name);
        // Whoever removes what killed sessions left finds this one held, until its keeper holds it.
        posix.lockShared(fd);
        return Optional.of(new ControlDirectory(posix, path, name, parent, fd));
    }

    private static void checkLength(String path) throws TunnelFailure {
        String socket = path + "/" + SshCommands.SOCKET;
        int length = socket.getBytes(StandardCharsets.UTF_8).length;
        if (length > LONGEST_SOCKET_PATH) {
            throw TunnelFailure.of(
                    "the control socket's path " + socket + " has " + length + " bytes, more than the "
                            + LONGEST_SOCKET_PATH + " that ssh can use",
                    "have the administrator set control.dir to a shorter path");
        }
    }

    /** The directory as other programs name it. */
    public String path() {
        return path;
    }

    /** Opens a new file in it. */
    int create(String file) throws PosixException {
        return posix.openFile(fd, file, FileAccess.APPEND_NEW);
    }

    /** Opens a file in it, which is made if it is not there. */
    int append(String file) throws PosixException {
        return posix.openFile(fd, file, FileAccess.APPEND);
    }

    /** Opens a new file in it, which has room for a line: without it ssh could not say what is wrong. */
    int createWithRoom(String file) throws TunnelFailure {
        try {
            if (taken) {
                return append(file);
            }
            int made = create(file);
            try {
                posix.write(made, new byte[] {'\n'});
                posix.truncate(made);
                return made;
            } catch (PosixException e) {
                posix.close(made);
                throw e;
            }
        } catch (PosixException e) {
            throw TunnelFailure.of(
                    "the control directory " + path + " cannot be written to: " + e.reason(),
                    SystemProblem.nextStep(e).orElse(SystemProblem.Step.ROOM));
        }
    }

    /** What an entry is; empty when there is none. */
    Optional<FileStatus> status(String file) throws PosixException {
        try {
            return Optional.of(posix.status(fd, file));
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    void remove(String file) throws PosixException {
        posix.removeFile(fd, file);
    }

    /** Removes the directory and what is in it. */
    public void removeAll() throws PosixException {
        String[] files = new File("/proc/self/fd/" + fd).list();
        if (files != null) {
            for (String file : files) {
                remove(file);
            }
        }
        posix.removeDirectory(parent, name);
    }

    /** Lets go of the directory, which stays. */
    @Override
    public void close() {
        posix.close(fd);
        posix.close(parent);
    }
}
