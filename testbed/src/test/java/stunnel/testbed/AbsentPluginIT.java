package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Hosts whose plugstack.conf does not name the plugin. */
@TestbedTest
class AbsentPluginIT {
    private static final String SERVE = "/opt/testbed/serve 8000";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void nodeIsNotAskedForTheTunnelOfAnSrun() {
        try (EmptyPlugstack empty = EmptyPlugstack.on(testbed.host("cn1"));
                RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 " + SERVE)) {
            step.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        }
    }

    /** sbatch cannot know; Slurm drops the option there without a word. */
    @Test
    void batchJobRunsWithoutATunnelWhereTheNodeHasNoPlugin() {
        try (EmptyPlugstack empty = EmptyPlugstack.on(testbed.host("cn1"));
                Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 --wrap 'echo started'")) {
            assertThat(job.awaitEnd().state()).isEqualTo("COMPLETED");
            assertThat(job.output()).isEqualTo("started\n");
        }
    }

    @Test
    void submitHostWithoutThePluginDoesNotKnowTheOption() {
        try (EmptyPlugstack empty = EmptyPlugstack.on(testbed.host("login"))) {
            Outcome outcome = alice.type("srun -w cn1 --tunnel 8001:8000 echo started");

            assertThat(outcome.exit()).isNotZero();
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr()).contains("unrecognized option '--tunnel'");
        }
    }

    /** On one host alone, where the others share the file. */
    private record EmptyPlugstack(Account host) implements AutoCloseable {
        private static final String FILE = "/etc/slurm/plugstack.conf";

        static EmptyPlugstack on(Account host) {
            host.output("mount", "--bind", "/dev/null", FILE);
            return new EmptyPlugstack(host);
        }

        @Override
        public void close() {
            host.output("umount", FILE);
        }
    }
}
