package stunnel.runtime;

import stunnel.runtime.posix.Posix;
import stunnel.runtime.ssh.HostName;
import stunnel.runtime.ssh.TunnelFailure;

/** The last look at who asks, before anything is made or run for them. */
final class Identity {
    private Identity() {}

    /** This must run as the job's user; names from outside end up in paths and on ssh's command line. */
    static void check(Posix posix, Request.Open request) throws TunnelFailure {
        if (posix.userId() != request.facts().uid()) {
            // Root's srun judges the value, and becomes somebody else after that.
            throw TunnelFailure.of(
                    "this process is uid " + posix.userId() + ", the job's user is "
                            + request.facts().uid(),
                    "run srun as that user (`sudo -u '#" + request.facts().uid() + "' srun …`) instead of with --uid;"
                            + " if you did not use that, report this as a bug");
        }
        checkHost("the host to connect to", request.target());
        checkHost("this host", request.host());
        if (!HostName.isSafe(request.job())) {
            throw TunnelFailure.of("the job has no job id", "report this as a bug");
        }
    }

    private static void checkHost(String what, String name) throws TunnelFailure {
        if (!HostName.isSafe(name)) {
            throw TunnelFailure.of(
                    "the name of " + what + " is not the name of a host",
                    "check SLURM_SUBMIT_HOST and SLURM_NODELIST in the job's environment");
        }
    }
}
