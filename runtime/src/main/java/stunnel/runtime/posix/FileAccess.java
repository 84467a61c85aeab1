package stunnel.runtime.posix;

/** How a file is opened; one that is missing is made with mode 0600, except for {@link #READ}. */
public enum FileAccess {
    READ,
    /** From the start, what is there stays until {@link Posix#truncate}. */
    WRITE,
    APPEND,
    /** As {@link #APPEND}, of a file that must not exist yet. */
    APPEND_NEW
}
