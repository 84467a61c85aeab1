package stunnel.runtime.posix;

/** The error numbers that callers tell apart (asm-generic/errno-base.h and errno.h). */
public final class Errno {
    /** No such file or directory. */
    public static final int ENOENT = 2;

    /** No such process. */
    public static final int ESRCH = 3;

    /** Not allowed. */
    public static final int EPERM = 1;

    /** A signal came in between. */
    public static final int EINTR = 4;

    /** A device or pipe without a reader. */
    public static final int ENXIO = 6;

    /** The name is taken. */
    public static final int EEXIST = 17;

    /** A component is no directory, or, with O_DIRECTORY and O_NOFOLLOW, a symbolic link. */
    public static final int ENOTDIR = 20;

    /** The last component is a symbolic link and O_NOFOLLOW was given. */
    public static final int ELOOP = 40;

    private Errno() {}
}
