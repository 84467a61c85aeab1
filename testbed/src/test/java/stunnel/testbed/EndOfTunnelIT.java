package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a job ends, its tunnel ends with it. */
@TestbedTest
class EndOfTunnelIT {
    private static final String SERVE = "/opt/testbed/serve 8000";

    /** For ssh to wait longer than the end of its tunnel may take. */
    private static final String PATIENT = "ssh.connect-timeout = 60s\n";

    private static final String CONTROL_C = "\u0003";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");

    @Test
    void srunIsCancelled() {
        try (RunningCommand step = step()) {
            alice.output("scancel", "--user=alice");

            assertThat(step.outcome().exit()).isNotZero();
            testbed.awaitEndOfTunnel("login", 8001);
        }
    }

    @Test
    void srunIsInterrupted() {
        try (RunningCommand step = alice.startOnTerminal("srun -w cn1 --tunnel 8001:8000 " + SERVE)) {
            step.awaitStdout("serving");

            step.type(CONTROL_C);
            step.awaitStdout("interrupt (one more within 1 sec to abort)");
            step.type(CONTROL_C);

            step.outcome();
            testbed.awaitEndOfTunnel("login", 8001);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "HUP", "QUIT"})
    void srunEndsBySignal(String signal) {
        try (RunningCommand step = step()) {
            login.output("pkill", "--signal=" + signal, "--oldest", "--exact", "srun");

            assertThat(step.outcome().exit()).isNotZero();
            testbed.awaitEndOfTunnel("login", 8001);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "HUP", "QUIT", "KILL"})
    void srunWhoseTunnelIsLostEndsBySignal(String signal) {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, PATIENT);
                RunningCommand step = step();
                SilentSshServer silent = SilentSshServer.of(node)) {
            login.output("pkill", "--signal=KILL", "--exact", "ssh");
            step.awaitStderr("tunnel down: ");
            testbed.awaitConnecting();

            login.output("pkill", "--signal=" + signal, "--oldest", "--exact", "srun");

            assertThat(step.outcome().exit()).isNotZero();
            testbed.awaitEndOfTunnel("login", 8001);
        }
    }

    @Test
    void srunIsKilled() {
        try (RunningCommand step = step()) {
            login.output("pkill", "--signal=KILL", "--oldest", "--exact", "srun");

            testbed.awaitEndOfTunnel("login", 8001);
            assertThat(step.outcome().exit()).isEqualTo(128 + 9);
        }
    }

    @Test
    void srunEndsWhileItsTunnelIsBeingOpened() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, PATIENT);
                SilentSshServer silent = SilentSshServer.of(node);
                RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 " + SERVE)) {
            testbed.awaitConnecting();

            step.kill();

            testbed.awaitEndOfTunnel("login", 8001);
            assertThat(testbed.hostsRunning("stunnel-keeper")).isEmpty();
            assertThat(testbed.hostsRunning("ssh")).isEmpty();
            assertThat(testbed.hostsRunning("java")).isEmpty();
        }
    }

    @Test
    void batchJobIsCancelled() {
        try (Job job = job()) {
            job.cancel();

            testbed.awaitEndOfTunnel("cn1", 8001);
        }
    }

    @Test
    void batchJobIsCancelledWhileItsTunnelIsBeingOpened() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, PATIENT);
                SilentSshServer silent = SilentSshServer.of(login);
                Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 --wrap 'echo started'")) {
            testbed.awaitConnecting();

            job.cancel();

            testbed.awaitEndOfTunnel("cn1", 8001);
            assertThat(job.awaitEnd().output()).doesNotContain("started");
        }
    }

    @Test
    void batchJobReachesItsTimeLimit() {
        try (Job job = job()) {
            login.output("scontrol", "update", "jobid=" + job.id(), "endtime=now");

            // slurmctld looks for such jobs twice a minute.
            assertThat(Await.within(Duration.ofSeconds(45), () -> job.state().equals("TIMEOUT")))
                    .isTrue();
            testbed.awaitEndOfTunnel("cn1", 8001);
        }
    }

    @Test
    void stepDaemonOfABatchJobIsKilled() {
        try (Job job = job()) {
            node.output("pkill", "--signal=KILL", "--full", "slurmstepd: .*batch");

            testbed.awaitEndOfTunnel("cn1", 8001);
        } finally {
            // The task itself is left alone by Slurm.
            node.output("pkill", "--exact", "serve");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh", "stunnel-keeper"})
    void processOfTheTunnelIsStopped(String name) {
        try (RunningCommand step = step()) {
            login.output("pkill", "--signal=STOP", "--exact", name);

            step.terminate();
            step.outcome();
            testbed.awaitEndOfTunnel("login", 8001);
        }
    }

    private RunningCommand step() {
        return alice.startTyped("srun -w cn1 --tunnel 8001:8000 " + SERVE).awaitStdout("serving");
    }

    private Job job() {
        return Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 --wrap 'exec " + SERVE + "'")
                .awaitOutput("serving");
    }
}
