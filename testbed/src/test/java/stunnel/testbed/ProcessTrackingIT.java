package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Where Slurm does not find processes that left their session, as it does by cgroup: tunnels end with their jobs there, too. */
@TestbedTest
@ParameterizedClass
@ValueSource(strings = {"proctrack/linuxproc", "proctrack/pgid"})
record ProcessTrackingIT(String kind) {
    private static final Testbed TESTBED = Testbed.shared();
    private static final String KEY = "ProctrackType";
    private static final String USUAL = TESTBED.slurmParameter(KEY);

    private static final String SERVE = "/opt/testbed/serve 8000";
    private static final String STEP = "srun -w cn1 --tunnel 8001:8000 " + SERVE;
    private static final String JOB = "sbatch -w cn1 --tunnel 8001:8000 --wrap 'exec " + SERVE + "'";
    private static final String JOB_WITH_A_STEP = "sbatch -w cn1 --wrap 'srun --tunnel 8001:8000 " + SERVE + "'";
    private static final String ALLOCATION = "salloc -w cn1 --tunnel 8001:8000 srun " + SERVE;

    private static final Account ALICE = TESTBED.alice();
    private static final Account LOGIN = TESTBED.host("login");
    private static final Account NODE = TESTBED.host("cn1");

    @BeforeParameterizedClassInvocation
    static void track(String kind) {
        TESTBED.configureSlurm(KEY, kind);
        // slurmd reads it when it starts.
        SlurmNode.restart(NODE);
    }

    @AfterParameterizedClassInvocation
    static void trackAsUsual() {
        track(USUAL);
    }

    @Test
    void srunEnds() {
        try (RunningCommand step = command(STEP)) {
            NODE.output("pkill", "--exact", "serve");

            step.outcome();
            TESTBED.awaitEndOfTunnel("login", 8001);
        }
    }

    @Test
    void srunIsKilled() {
        try (RunningCommand step = command(STEP)) {
            LOGIN.output("pkill", "--signal=KILL", "--oldest", "--exact", "srun");

            TESTBED.awaitEndOfTunnel("login", 8001);
        }
    }

    @Test
    void keeperOfAnSrunIsKilled() {
        try (RunningCommand step = command(STEP)) {
            LOGIN.output("pkill", "--signal=KILL", "--exact", "stunnel-keeper");

            step.terminate();
            step.outcome();
            TESTBED.awaitEndOfTunnel("login", 8001);
        }
    }

    @Test
    void batchJobEnds() {
        try (Job job = job(JOB)) {
            NODE.output("pkill", "--exact", "serve");

            job.awaitEnd();
            TESTBED.awaitEndOfTunnel("cn1", 8001);
        }
    }

    @Test
    void batchJobIsCancelled() {
        try (Job job = job(JOB)) {
            job.cancel();

            TESTBED.awaitEndOfTunnel("cn1", 8001);
        }
    }

    @Test
    void stepDaemonOfABatchJobIsKilled() {
        try (Job job = job(JOB)) {
            NODE.output("pkill", "--signal=KILL", "--full", "slurmstepd: .*batch");

            TESTBED.awaitEndOfTunnel("cn1", 8001);
        } finally {
            // The task itself is left alone by Slurm.
            NODE.output("pkill", "--exact", "serve");
        }
    }

    @Test
    void keeperOfABatchJobIsKilled() {
        try (Job job = job(JOB)) {
            NODE.output("pkill", "--signal=KILL", "--exact", "stunnel-keeper");

            assertThat(ALICE.fetch(8001)).isEqualTo("hello from cn1:8000");
            job.cancel();
            TESTBED.awaitEndOfTunnel("cn1", 8001);
        }
    }

    /** slurmstepd hears nothing of this ssh: it stands in the tunnel's state. */
    @Test
    void keeperOfABatchJobIsKilledAfterTheTunnelWasLost() {
        try (Job job = job(JOB)) {
            NODE.output("pkill", "--signal=KILL", "--exact", "ssh");
            job.awaitOutput("tunnel up again: ");

            NODE.output("pkill", "--signal=KILL", "--exact", "stunnel-keeper");

            job.cancel();
            TESTBED.awaitEndOfTunnel("cn1", 8001);
        }
    }

    @Test
    void jobWithAStepIsCancelled() {
        try (Job job = Job.submit(ALICE, JOB_WITH_A_STEP).awaitOutput("serving")) {
            job.cancel();

            TESTBED.awaitEndOfTunnel("cn1", 8001);
        }
    }

    @Test
    void stepOfAnAllocationIsCancelled() {
        try (RunningCommand allocation = command(ALLOCATION)) {
            ALICE.output("scancel", "--user=alice");

            allocation.outcome();
            TESTBED.awaitEndOfTunnel("cn1", 8001);
        }
    }

    private static RunningCommand command(String commandLine) {
        RunningCommand command = ALICE.startTyped(commandLine).awaitStdout("serving");
        assertThat(ALICE.fetch(8001)).isEqualTo("hello from cn1:8000");
        return command;
    }

    private static Job job(String commandLine) {
        Job job = Job.submit(ALICE, commandLine).awaitOutput("serving");
        assertThat(ALICE.fetch(8001)).isEqualTo("hello from cn1:8000");
        return job;
    }
}
