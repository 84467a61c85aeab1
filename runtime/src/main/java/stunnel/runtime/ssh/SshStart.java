package stunnel.runtime.ssh;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.slf4j.Logger;
import stunnel.runtime.posix.SpawnRequest;

/** The runs of ssh until one gets through. */
final class SshStart {
    private final Logger log;
    private final SshCommands commands;
    private final Redirections redirections;
    private final SshRuns runs;
    private final SshLog sshLog;
    private final SshLog errors;

    /** Nothing is run yet. */
    SshStart(Logger log, SshCommands commands, Redirections redirections, SshRuns runs, SshLog sshLog, SshLog errors) {
        this.log = log;
        this.commands = commands;
        this.redirections = redirections;
        this.runs = runs;
        this.sshLog = sshLog;
        this.errors = errors;
    }

    /**
     * Puts a master into the background. Only an sshd that may let us in a moment later is asked again; every other failure is told at
     * once.
     *
     * @return what was said on standard error
     */
    List<String> connect(Routes routes, Deadline deadline) throws TunnelFailure {
        long start = System.nanoTime();
        Pauses pauses = new Pauses(new Random());
        SshWords words = SshWords.NONE;
        boolean detailed = false;
        for (int attempt = 1; ; attempt++) {
            List<String> argv = detailed ? commands.startInDetail() : commands.start();
            SshProcess.Outcome outcome =
                    runs.run(new SpawnRequest(argv, redirections.ofStart(), commands.startVariables()), deadline);
            if (outcome.isSuccess()) {
                return errors.lines();
            }
            // An attempt that was cut short has nothing to say: the one before it has.
            List<String> own = sshLog.lines();
            words = attempt > 1 && own.isEmpty() ? words : SshWords.of(own, errors.lines(), !outcome.expired());
            sshLog.restart();
            errors.restart();
            long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
            int pause = pauses.next();
            boolean unexplained = !detailed && ConnectProblem.isUnexplained(words);
            boolean again = !outcome.expired()
                    && (unexplained || ConnectProblem.mayPass(words, seconds))
                    && deadline.millisLeft() > pause;
            detailed |= unexplained;
            if (!again) {
                String times = attempt == 1 ? "" : " (attempt " + attempt + ")";
                throw ConnectProblem.failure(routes, outcome.text() + times, words);
            }
            log.info("attempt {} failed, the next one comes in {} ms: {}", attempt, pause, words.all());
            sleep(pause);
        }
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
