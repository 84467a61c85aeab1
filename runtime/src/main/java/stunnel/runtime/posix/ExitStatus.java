package stunnel.runtime.posix;

/**
 * How a child process ended.
 *
 * @param code its exit code, or the signal that ended it
 * @param signalled whether {@code code} is a signal
 */
public record ExitStatus(int code, boolean signalled) {
    /** Takes the status word of waitpid(2) apart. */
    static ExitStatus of(int status) {
        int signal = status & 0x7f;
        return signal == 0 ? new ExitStatus((status >> 8) & 0xff, false) : new ExitStatus(signal, true);
    }

    public boolean isSuccess() {
        return !signalled && code == 0;
    }

    /** For example "exited with status 255". */
    public String text() {
        return signalled ? "was ended by signal " + code : "exited with status " + code;
    }
}
