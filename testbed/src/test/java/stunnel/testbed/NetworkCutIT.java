package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A node's cable is pulled out while its jobs run, with the settings that sites have by default. */
@TestbedTest
class NetworkCutIT {
    private static final Duration SHORT = Duration.ofSeconds(10);

    /** {@code -Dtestbed.cut=600} asks for a longer one than is needed for it to be noticed. */
    private static final Duration LONG = Duration.ofSeconds(Integer.getInteger("testbed.cut", 0));

    private static final Duration UNTIL_TOLD = Duration.ofSeconds(45);

    /** Half a minute at most between two attempts, of which the first may but free the port of the old connection. */
    private static final Duration UNTIL_BACK = Duration.ofMinutes(2);

    private static final String STEP = "srun -w cn1 --tunnel 8001:8000,R9001:1900 /opt/testbed/serve 8000";
    private static final String DOWN = "tunnel down: login:8001 -> cn1:8000, cn1:9001 -> login:1900 "
            + "(ssh: Timeout, server cn1 not responding.); connecting again\n";
    private static final String UP_AGAIN = "tunnel up again: ";

    private static final String JOB = "sbatch -w cn1 --tunnel 8002:8003 --wrap 'exec /opt/testbed/serve 8003'";
    private static final String JOB_DOWN =
            "tunnel down: login:8002 -> cn1:8003 (ssh: Timeout, server login not responding.); connecting again\n";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void shortOneIsOnlyAPause() {
        try (RunningCommand server = alice.as("bob").serve(1900);
                RunningCommand step = alice.startTyped(STEP).awaitStdout("serving");
                Job job = Job.submit(alice, JOB).awaitOutput("serving")) {
            assertThatAllForwardsLead();
            String masters = masters();

            try (Cut cut = Cut.of(testbed, "cn1")) {
                cut.lastsFor(SHORT);
            }

            assertThatAllForwardsLead();
            assertThat(masters()).isEqualTo(masters);
            step.terminate();
            assertThat(step.outcome().stderr()).doesNotContain("tunnel down");
            assertThat(job.output()).doesNotContain("tunnel down");
        }
    }

    /** slurmctld would give up the node before that, and end its jobs. */
    @Test
    void longOneIsToldAndTheTunnelIsBackByItself() {
        try (SlurmParameter patient = SlurmParameter.set(testbed, "SlurmdTimeout", "0");
                RunningCommand server = alice.as("bob").serve(1900);
                RunningCommand step = alice.startTyped(STEP).awaitStdout("serving");
                Job job = Job.submit(alice, JOB).awaitOutput("serving")) {
            assertThatAllForwardsLead();

            try (Cut cut = Cut.of(testbed, "cn1")) {
                assertThatBothAreTold(step, DOWN, job, JOB_DOWN, UNTIL_TOLD);
                cut.lastsFor(LONG);
            }
            assertThatBothAreTold(step, UP_AGAIN, job, UP_AGAIN, UNTIL_BACK);

            assertThatAllForwardsLead();
            step.terminate();
            assertThat(step.outcome().stderr()).containsOnlyOnce(DOWN).containsOnlyOnce(UP_AGAIN);
            assertThat(job.output()).containsOnlyOnce(JOB_DOWN).containsOnlyOnce(UP_AGAIN);
        }
    }

    private static void assertThatBothAreTold(
            RunningCommand step, String stepsNews, Job job, String jobsNews, Duration limit) {
        assertThat(Await.within(
                        limit,
                        () -> step.stderr().contains(stepsNews) && job.output().contains(jobsNews)))
                .as("srun: %s; sbatch: %s", step.stderr(), job.output())
                .isTrue();
    }

    private void assertThatAllForwardsLead() {
        assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        assertThat(alice.on("cn1").fetch(9001)).isEqualTo("hello from login:1900");
        assertThat(alice.fetch(8002)).isEqualTo("hello from cn1:8003");
    }

    /** The ssh of srun on the submit host, and that of the batch job on its node. */
    private String masters() {
        return alice.output("pgrep", "--exact", "ssh") + "," + alice.on("cn1").output("pgrep", "--exact", "ssh");
    }
}
