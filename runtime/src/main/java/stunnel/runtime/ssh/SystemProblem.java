package stunnel.runtime.ssh;

import java.util.Optional;
import stunnel.runtime.posix.Errno;
import stunnel.runtime.posix.PosixException;

/** What a host or a user may have too little of for a tunnel, each with the user's next step. */
public enum SystemProblem {
    FULL(Errno.ENOSPC, Step.ROOM),
    QUOTA(Errno.EDQUOT, Step.ROOM),
    FILE_SIZE(Errno.EFBIG, "raise the limit of file sizes (`ulimit -f`)"),
    READ_ONLY(Errno.EROFS, Step.ROOM),
    OPEN_FILES(Errno.EMFILE, Step.OPEN_FILES),
    PROCESSES(Errno.EAGAIN, "raise the limit of processes (`ulimit -u`)"),
    MEMORY(Errno.ENOMEM, "raise the limit of memory (`ulimit -v`, or --mem of the job)");

    /** The steps that other problems lead to as well. */
    static final class Step {
        static final String ROOM = "make room there, or have the administrator set control.dir to another directory";
        static final String OPEN_FILES = "raise the limit of open files (`ulimit -n`)";

        private Step() {}
    }

    private final int errno;
    private final String nextStep;

    SystemProblem(int errno, String nextStep) {
        this.errno = errno;
        this.nextStep = nextStep;
    }

    /** The next step after a system call that failed for want of something; empty where the reason is another one. */
    static Optional<String> nextStep(PosixException problem) {
        for (SystemProblem known : values()) {
            if (known.errno == problem.errno()) {
                return Optional.of(known.nextStep);
            }
        }
        return Optional.empty();
    }

    /** What the user reads; empty where nobody expected that the call could fail. */
    public static Optional<TunnelFailure> failure(PosixException problem) {
        return nextStep(problem).map(step -> TunnelFailure.of(String.valueOf(problem.getMessage()), step));
    }
}
