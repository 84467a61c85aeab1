package stunnel.runtime.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** {@link Posix} by calls into the C library. Every constant is named as in its header. */
final class NativePosix implements Posix {
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int LOCK_SH = 1;
    private static final int LOCK_NB = 4;
    private static final int PRIVATE_DIRECTORY = 0700;
    private static final int PRIVATE_FILE = 0600;

    /** ioctl_tty(2); only POWER has another number. */
    private static final long TIOCGWINSZ = System.getProperty("os.arch").startsWith("ppc") ? 0x40087468L : 0x5413L;

    private static final int AF_UNIX = 1;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_CLOEXEC = OpenFlags.O_CLOEXEC;
    private static final int SOCK_NONBLOCK = OpenFlags.O_NONBLOCK;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;

    /** sun_path of unix(7) with its final NUL. */
    private static final int SOCKET_PATH_SIZE = 108;

    private final LibC libc = new LibC();
    private final ProcessCalls processes = new ProcessCalls(libc);

    /** Loads the native library when it is first asked for, and once. */
    private static final class Holder {
        static final NativePosix INSTANCE = new NativePosix();
    }

    static Posix instance() {
        return Holder.INSTANCE;
    }

    @Override
    public int userId() {
        return libc.callAlways("geteuid");
    }

    @Override
    public void makeNewFilesPrivate() {
        libc.callAlways("umask", 077);
    }

    @Override
    public int openRoot() throws PosixException {
        return openDirectory(AT_FDCWD, "/");
    }

    @Override
    public int openDirectory(int parent, String name) throws PosixException {
        return libc.call("openat", name, parent, LibC.string(name), OpenFlags.SEARCH_DIRECTORY, 0);
    }

    @Override
    public void lockShared(int fd) throws PosixException {
        libc.call("flock", "a directory", fd, LOCK_SH | LOCK_NB);
    }

    @Override
    public void makeDirectory(int parent, String name) throws PosixException {
        libc.call("mkdirat", name, parent, LibC.string(name), PRIVATE_DIRECTORY);
    }

    @Override
    public int openFile(String path, FileAccess access) throws PosixException {
        return openFile(AT_FDCWD, path, access);
    }

    @Override
    public int openFile(int directory, String name, FileAccess access) throws PosixException {
        return spare(libc.call("openat", name, directory, LibC.string(name), OpenFlags.of(access), PRIVATE_FILE), name);
    }

    /** The same open file, where it is in the way of no standard descriptor of a child's. */
    private int spare(int fd, String name) throws PosixException {
        try {
            return libc.call("fcntl", name, fd, F_DUPFD_CLOEXEC, SPARE_DESCRIPTOR);
        } finally {
            close(fd);
        }
    }

    @Override
    public Pipe openPipe() throws PosixException {
        byte[] ends = new byte[2 * Integer.BYTES];
        libc.call("pipe2", "a pipe", ends, OpenFlags.O_CLOEXEC);
        ByteBuffer descriptors = ByteBuffer.wrap(ends).order(ByteOrder.nativeOrder());
        int reading = spare(descriptors.getInt(), "a pipe");
        try {
            return new Pipe(reading, spare(descriptors.getInt(), "a pipe"));
        } catch (PosixException e) {
            close(reading);
            throw e;
        }
    }

    @Override
    public void truncate(int fd) throws PosixException {
        libc.call("ftruncate", "descriptor", fd, 0L);
    }

    @Override
    public void write(int fd, byte[] bytes) throws PosixException {
        byte[] rest = bytes;
        while (rest.length > 0) {
            int written = libc.call("write", "descriptor", fd, rest, (long) rest.length);
            rest = Arrays.copyOfRange(rest, written, rest.length);
        }
    }

    @Override
    public void close(int fd) {
        libc.callAlways("close", fd);
    }

    @Override
    public FileStatus status(int fd) throws PosixException {
        return StatusBuffer.read(libc, fd, "", AT_EMPTY_PATH);
    }

    @Override
    public FileStatus status(int directory, String name) throws PosixException {
        return StatusBuffer.read(libc, directory, name, AT_SYMLINK_NOFOLLOW);
    }

    @Override
    public void removeFile(int directory, String name) throws PosixException {
        libc.call("unlinkat", name, directory, LibC.string(name), 0);
    }

    @Override
    public void removeDirectory(int parent, String name) throws PosixException {
        libc.call("unlinkat", name, parent, LibC.string(name), AT_REMOVEDIR);
    }

    @Override
    public int spawn(SpawnRequest request) throws PosixException {
        return processes.spawn(request);
    }

    @Override
    public void awaitEnd(int pid) throws PosixException {
        processes.awaitEnd(pid);
    }

    @Override
    public ExitStatus reap(int pid) throws PosixException {
        return processes.reap(pid);
    }

    @Override
    public void kill(int pid, Signal signal) throws PosixException {
        libc.call("kill", "process " + pid, pid, signal.number());
    }

    @Override
    public int columns(int fd) {
        byte[] size = new byte[4 * Short.BYTES]; // struct winsize: rows, columns, and both in pixels
        try {
            libc.call("ioctl", "descriptor", fd, TIOCGWINSZ, size);
        } catch (PosixException e) {
            return 0;
        }
        return ByteBuffer.wrap(size).order(ByteOrder.nativeOrder()).getShort(Short.BYTES);
    }

    @Override
    public PeerCredentials peer(String socketPath) throws PosixException {
        int fd = libc.call("socket", socketPath, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        try {
            byte[] address = socketAddress(socketPath);
            libc.call("connect", socketPath, fd, address, address.length);
            byte[] credentials = new byte[3 * Integer.BYTES]; // struct ucred: pid, uid, gid
            byte[] size =
                    inNativeOrder(Integer.BYTES).putInt(credentials.length).array();
            libc.call("getsockopt", socketPath, fd, SOL_SOCKET, SO_PEERCRED, credentials, size);
            ByteBuffer fields = ByteBuffer.wrap(credentials).order(ByteOrder.nativeOrder());
            return new PeerCredentials(fields.getInt(), fields.getInt());
        } finally {
            close(fd);
        }
    }

    private static byte[] socketAddress(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= SOCKET_PATH_SIZE) {
            throw new IllegalArgumentException(path + " is too long for a Unix socket");
        }
        return inNativeOrder(Short.BYTES + SOCKET_PATH_SIZE)
                .putShort((short) AF_UNIX)
                .put(bytes)
                .array();
    }

    private static ByteBuffer inNativeOrder(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }
}
