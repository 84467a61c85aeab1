package stunnel.runtime.posix;

import java.io.IOException;

/** A system call that failed: which one, on what, with which errno. */
public final class PosixException extends IOException {
    private final int errno;
    private final String reason;

    PosixException(String call, String subject, int errno, String reason) {
        super(call + " " + subject + ": " + reason);
        this.errno = errno;
        this.reason = reason;
    }

    /** Linux's error number, as in errno(3). */
    public int errno() {
        return errno;
    }

    /** The system's own words for {@link #errno()}, as strerror(3) gives them. */
    public String reason() {
        return reason;
    }
}
