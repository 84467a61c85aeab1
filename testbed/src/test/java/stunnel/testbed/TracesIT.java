package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The oracle's eyes: each kind of trace is seen while it is there. */
@TestbedTest
class TracesIT {
    private final Testbed testbed = Testbed.shared();

    @Test
    void seesAProcessAndItsListener() {
        Account bob = testbed.host("cn2").as("bob");
        try (RunningCommand server = bob.serve(9009)) {
            assertThat(Traces.of(testbed).lines())
                    .contains("cn2: process bob /opt/testbed/serve 9009", "cn2: listener *:9009");
        }
    }

    @Test
    void seesAFile() {
        Account alice = testbed.alice();
        String file = alice.output("mktemp", "--directory", "/tmp/stunnel-XXXXXX");

        assertThat(Traces.of(testbed).lines()).contains("login: file " + file);

        alice.output("rmdir", file);
    }

    @Test
    void seesAJobAndADrainedNode() {
        Account alice = testbed.alice();
        Account root = testbed.host("login");
        String job = alice.output("sbatch", "--parsable", "--begin=now+1hour", "--wrap", "true");
        root.output("scontrol", "update", "nodename=cn2", "state=drain", "reason=test");

        assertThat(Traces.of(testbed).lines())
                .contains("login: job " + job + " alice PENDING", "login: node cn2 drained");

        alice.output("scancel", job);
        root.output("scontrol", "update", "nodename=cn2", "state=resume");
    }
}
