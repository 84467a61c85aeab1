package stunnel.runtime.posix;

/** Flags of open(2). Most are the same on every Linux; two are not (asm-generic/fcntl.h, arch/{arm64,powerpc}/…/fcntl.h). */
final class OpenFlags {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 01;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_NOCTTY = 0400;
    static final int O_APPEND = 02000;
    static final int O_NONBLOCK = 04000;
    static final int O_CLOEXEC = 02000000;
    static final int O_DIRECTORY;
    static final int O_NOFOLLOW;

    static {
        String architecture = System.getProperty("os.arch", "");
        boolean own =
                architecture.startsWith("aarch64") || architecture.startsWith("arm") || architecture.startsWith("ppc");
        O_DIRECTORY = own ? 040000 : 0200000;
        O_NOFOLLOW = own ? 0100000 : 0400000;
    }

    /** To look into a directory, and only if it is one. */
    static final int SEARCH_DIRECTORY = O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW;

    private OpenFlags() {}

    static int of(FileAccess access) {
        // O_NONBLOCK: opening a pipe without another end must not hang; it changes nothing for regular files.
        int common = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK;
        return switch (access) {
            case READ -> common | O_RDONLY;
            case WRITE -> common | O_WRONLY | O_CREAT;
            case APPEND -> common | O_WRONLY | O_CREAT | O_APPEND;
            case APPEND_NEW -> common | O_WRONLY | O_CREAT | O_EXCL | O_APPEND;
        };
    }
}
