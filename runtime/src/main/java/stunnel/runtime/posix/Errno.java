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

    /** No process can be made: the limit of the user's. */
    public static final int EAGAIN = 11;

    /** No memory. */
    public static final int ENOMEM = 12;

    /** The name is taken. */
    public static final int EEXIST = 17;

    /** A component is no directory, or, with O_DIRECTORY and O_NOFOLLOW, a symbolic link. */
    public static final int ENOTDIR = 20;

    /** Too many open files in this process. */
    public static final int EMFILE = 24;

    /** The file would be longer than the user allows. */
    public static final int EFBIG = 27;

    /** The file system is full, or has no inode left. */
    public static final int ENOSPC = 28;

    /** The file system can only be read. */
    public static final int EROFS = 30;

    /** The last component is a symbolic link and O_NOFOLLOW was given. */
    public static final int ELOOP = 40;

    /** The user's share of the file system is used up. */
    public static final int EDQUOT = 122;

    private Errno() {}
}
