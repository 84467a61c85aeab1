package stunnel.runtime.posix;

/**
 * The system calls that the runtime needs. Paths are bytes in UTF-8; descriptors are closed on exec; a call that fails throws
 * {@link PosixException}.
 */
public interface Posix {
    /** Opened files have descriptors from here on, so that none is in the way of a child's, which are the three standard ones. */
    int SPARE_DESCRIPTOR = 3;

    /** The one implementation; the first call loads the native library. */
    static Posix system() {
        return NativePosix.instance();
    }

    /** The effective user, geteuid(2). */
    int userId();

    /** New files and directories are for this user alone from now on, umask(2). */
    void makeNewFilesPrivate();

    /** Opens the directory {@code /}. */
    int openRoot() throws PosixException;

    /** Opens a directory inside another one; a symbolic link is not followed. */
    int openDirectory(int parent, String name) throws PosixException;

    /** Takes a shared lock on an open directory, flock(2), which goes with the descriptor, or with this process. */
    void lockShared(int fd) throws PosixException;

    /** Makes a directory with mode 0700; one that exists is an error. */
    void makeDirectory(int parent, String name) throws PosixException;

    /** Opens a file, never through a symbolic link as the last component, never waiting for a pipe's other end. */
    int openFile(String path, FileAccess access) throws PosixException;

    /** As {@link #openFile(String, FileAccess)}, inside a directory. */
    int openFile(int directory, String name, FileAccess access) throws PosixException;

    /** A new pipe, pipe(2). */
    Pipe openPipe() throws PosixException;

    /** Empties a file. */
    void truncate(int fd) throws PosixException;

    /** Writes all of the bytes. */
    void write(int fd, byte[] bytes) throws PosixException;

    void close(int fd);

    /** Of an open file. */
    FileStatus status(int fd) throws PosixException;

    /** Of an entry of a directory; of the link itself if it is one. */
    FileStatus status(int directory, String name) throws PosixException;

    void removeFile(int directory, String name) throws PosixException;

    void removeDirectory(int parent, String name) throws PosixException;

    /** Starts a program and returns its pid, which is also its process group and session. */
    int spawn(SpawnRequest request) throws PosixException;

    /** Blocks until a child has ended, and leaves it to {@link #reap}: its pid cannot be given to another process meanwhile. */
    void awaitEnd(int pid) throws PosixException;

    /** Takes the status of one child, which must have ended. */
    ExitStatus reap(int pid) throws PosixException;

    /** Sends a signal; a negative pid means the process group of that number, as in kill(2). */
    void kill(int pid, Signal signal) throws PosixException;

    /** How wide the terminal is that a descriptor leads to; 0 if it is none, or does not know. */
    int columns(int fd);

    /** Connects to a Unix socket, asks who listens there, and disconnects. */
    PeerCredentials peer(String socketPath) throws PosixException;
}
