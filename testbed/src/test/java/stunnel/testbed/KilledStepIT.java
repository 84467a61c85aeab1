package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An srun in a batch script, its keeper and its ssh are killed at one stroke: the tunnel's directory and sockets go as well. */
@TestbedTest
class KilledStepIT {
    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account batchHost = testbed.host("cn1");

    @ParameterizedTest
    @CsvSource({"cn1,''", "cn2,--tunnel 8001:8000"})
    void scriptEnds(String stepHost, String options) {
        try (Job job = submit(stepHost, options, "until [ -e end ]; do sleep 0.1; done; rm end")) {
            assertThat(directories()).isNotEmpty();

            alice.write("end", "");

            job.awaitEnd();
            awaitNothingLeft();
        }
    }

    @ParameterizedTest
    @CsvSource({"cn1,''", "cn2,--tunnel 8001:8000"})
    void jobIsCancelled(String stepHost, String options) {
        try (Job job = submit(stepHost, options, "exec sleep 600")) {
            assertThat(directories()).isNotEmpty();

            job.cancel();

            job.awaitEnd();
            awaitNothingLeft();
        }
    }

    @Test
    void nextTunnelRemovesWhatNobodyElseCould() {
        try (Job job = submit("cn2", "", "exec sleep 600")) {
            String left = directories();
            job.cancel();
            job.awaitEnd();
            assertThat(directories()).isEqualTo(left);

            try (Job next = submit("cn1", "", "exec sleep 600")) {
                assertThat(directories()).isNotEmpty().doesNotContain(left);
            }
            awaitNothingLeft();
        }
    }

    /** A job on both nodes whose script, on cn1, has a step with a tunnel of its own on {@code stepHost}. */
    private Job submit(String stepHost, String options, String rest) {
        String step = "srun -N1 -n1 -w " + stepHost + " --overlap"
                + " --tunnel 8101:8100,L/tmp/$SLURM_JOB_ID.sock:8100 /opt/testbed/serve 8100 &";
        String reached = "until /opt/testbed/fetch 8101; do sleep 0.1; done";
        String script = String.join("\n", "#!/bin/bash", step, reached, rest);
        return Job.submit(alice, "sbatch -N2 " + options + " <<'END'\n" + script + "\nEND\n")
                .awaitOutput("hello from " + stepHost + ":8100");
    }

    private String directories() {
        return batchHost.type("ls -d /tmp/stunnel-* 2>/dev/null").stdout().strip();
    }

    private void awaitNothingLeft() {
        Await.until("the directory is gone", () -> directories().isEmpty());
    }
}
