package stunnel.runtime.ssh;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.PosixException;
import stunnel.runtime.posix.SpawnRequest;

/** Runs the commands of one tunnel, and reads what they say. */
final class SshRuns {
    /** The file name of what a command says that is read. */
    private static final String REPLY = "reply";

    private final Posix posix;
    private final Logger log;
    private final ControlDirectory directory;

    SshRuns(Posix posix, Logger log, ControlDirectory directory) {
        this.posix = posix;
        this.log = log;
        this.directory = directory;
    }

    /**
     * What became of a run, one of whose outputs was read.
     *
     * @param outcome of the process
     * @param lines what it wrote there
     */
    record Reply(SshProcess.Outcome outcome, List<String> lines) {}

    /** Runs a command, one of whose outputs is read. */
    Reply capture(SpawnRequest request, int output, Deadline deadline) throws TunnelFailure, PosixException {
        int reply = directory.create(REPLY);
        try {
            Map<Integer, Integer> descriptors = new HashMap<>(request.descriptors());
            descriptors.put(output, reply);
            SshProcess.Outcome outcome =
                    run(new SpawnRequest(request.argv(), descriptors, request.variables()), deadline);
            return new Reply(outcome, new SshLog(directory.path() + "/" + REPLY).lines());
        } finally {
            posix.close(reply);
            directory.remove(REPLY);
        }
    }

    /** Runs a command; one that cannot be run is the administrator's to correct. */
    SshProcess.Outcome run(SpawnRequest request, Deadline deadline) throws TunnelFailure {
        try {
            return SshProcess.run(posix, log, request, deadline);
        } catch (PosixException e) {
            throw TunnelFailure.of(
                    request.argv().get(0) + " cannot be run: " + e.reason(),
                    SystemProblem.nextStep(e)
                            .orElse(
                                    "ask the administrator to correct ssh_cmd in plugstack.conf, or ssh.command in stunnel.conf"));
        }
    }
}
