package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A part of the tunnel is lost while the job runs: the tunnel comes back, and ends with the job all the same. */
@TestbedTest
class LossIT {
    private static final String SERVE = "/opt/testbed/serve 8000";
    private static final String STUNNEL = "/opt/slurm-stunnel/bin/stunnel";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");

    @Test
    void keeperIsKilled() {
        try (RunningCommand step = step()) {
            login.output("pkill", "--signal=KILL", "--exact", "stunnel-keeper");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");

            step.terminate();
            step.outcome();
            testbed.awaitEndOfTunnel("login", 8001);
        }
    }

    @Test
    void keeperIsKilledWhileSshHangs() {
        try (RunningCommand step = step()) {
            login.output("pkill", "--signal=STOP", "--exact", "ssh");
            login.output("pkill", "--signal=KILL", "--exact", "stunnel-keeper");

            step.terminate();
            step.outcome();
            testbed.awaitEndOfTunnel("login", 8001);
        }
    }

    /** Then nobody is left who could end ssh but the user, whom `stunnel list` tells how. */
    @Test
    void keeperIsKilledTogetherWithSrun() {
        try (RunningCommand step = step()) {
            login.output("bash", "-c", "kill -KILL $(pgrep --exact stunnel-keeper) $(pgrep --oldest --exact srun)");
            step.outcome();
            Matcher next = Pattern.compile("its keeper is gone: `stunnel (close \\d+\\.0)` ends it")
                    .matcher(alice.output(STUNNEL, "list"));
            assertThat(next.find()).isTrue();
            assertThat(alice.listensOn(8001)).isTrue();

            Outcome closed = alice.type(STUNNEL + " " + next.group(1));

            assertThat(closed.stdout()).matches("closed \\d+\\.0: login:8001 -> cn1:8000\n");
            testbed.awaitEndOfTunnel("login", 8001);
        }
    }

    @Test
    void keeperOfABatchJobIsKilled() {
        try (Job job = job()) {
            node.output("pkill", "--signal=KILL", "--exact", "stunnel-keeper");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");

            job.cancel();
            testbed.awaitEndOfTunnel("cn1", 8001);
        }
    }

    @Test
    void sshIsKilledAndComesBackOnTheSamePort() {
        try (RunningCommand step = step()) {
            login.output("pkill", "--signal=KILL", "--exact", "ssh");

            step.awaitStderr("srun: error: tunnel down: login:8001 -> cn1:8000 (ssh: ended); connecting again\n");
            step.awaitStderr("srun: tunnel up again: login:8001 -> cn1:8000 (after ");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("login");
            assertThat(testbed.hostsRunning("java")).isEmpty();
        }
    }

    @Test
    void sshOfABatchJobIsKilledAndComesBackOnTheSamePort() {
        try (Job job = job()) {
            node.output("pkill", "--signal=KILL", "--exact", "ssh");

            job.awaitOutput("tunnel down: login:8001 -> cn1:8000 (ssh: ended); connecting again\n");
            job.awaitOutput("tunnel up again: login:8001 -> cn1:8000 (after ");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("cn1");
        }
    }

    private RunningCommand step() {
        RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 " + SERVE);
        step.awaitStdout("serving");
        assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        return step;
    }

    private Job job() {
        Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 --wrap 'exec " + SERVE + "'");
        job.awaitOutput("serving");
        assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        return job;
    }
}
