package stunnel.runtime.ssh;

import org.slf4j.Logger;
import stunnel.runtime.posix.ExitStatus;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.PosixException;
import stunnel.runtime.posix.Signal;
import stunnel.runtime.posix.SpawnRequest;

/** One run of ssh that is waited for, and killed with its process group when its time is over. */
final class SshProcess {
    /** What is said of a run that had to be killed. */
    static final String TOO_LONG = "took too long";

    private final Posix posix;
    private final Logger log;
    private final int pid;
    private boolean ended;
    private boolean expired;

    private SshProcess(Posix posix, Logger log, int pid) {
        this.posix = posix;
        this.log = log;
        this.pid = pid;
    }

    /**
     * How a run ended.
     *
     * @param status of the process
     * @param expired whether it was killed because its time was over
     */
    record Outcome(ExitStatus status, boolean expired) {
        boolean isSuccess() {
            return status.isSuccess() && !expired;
        }

        /** For example "exited with status 255". */
        String text() {
            return expired ? TOO_LONG + " and was ended" : status.text();
        }
    }

    static Outcome run(Posix posix, Logger log, SpawnRequest request, Deadline deadline) throws PosixException {
        log.debug("run {}", request.argv());
        SshProcess process = new SshProcess(posix, log, posix.spawn(request));
        Outcome outcome = process.await(deadline);
        log.debug("process {} {}", process.pid, outcome.text());
        return outcome;
    }

    private Outcome await(Deadline deadline) throws PosixException {
        Thread watchdog = new Watchdog(deadline);
        watchdog.setDaemon(true);
        watchdog.start();
        posix.awaitEnd(pid);
        boolean killed = end();
        return new Outcome(posix.reap(pid), killed);
    }

    /** From here on nothing is killed: after the reaping the pid could be somebody else's. */
    private synchronized boolean end() {
        ended = true;
        notifyAll();
        return expired;
    }

    private synchronized void killAt(Deadline deadline) throws InterruptedException, PosixException {
        while (!ended && !deadline.isOver()) {
            wait(deadline.millisLeft());
        }
        if (!ended) {
            expired = true;
            posix.kill(-pid, Signal.KILL);
        }
    }

    private final class Watchdog extends Thread {
        private final Deadline deadline;

        Watchdog(Deadline deadline) {
            this.deadline = deadline;
        }

        @Override
        public void run() {
            try {
                killAt(deadline);
            } catch (InterruptedException | PosixException e) {
                log.error("process {} could not be ended in time", pid, e);
            }
        }
    }
}
