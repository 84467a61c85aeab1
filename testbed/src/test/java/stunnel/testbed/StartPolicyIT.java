package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A tunnel that cannot be opened on a site where jobs run without theirs. */
@TestbedTest
class StartPolicyIT {
    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account bob = alice.as("bob");

    @Test
    void stepStartsUnderAnOptionalLine() {
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "optional");
                RunningCommand holder = bob.serve(8001)) {
            assertThatStepStarted(alice.type("srun -w cn1 --tunnel 8001:8000 echo started"));
        }
    }

    @Test
    void stepStartsIfTheSiteOnlyWantsAWarning() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, "start = warn\n");
                RunningCommand holder = bob.serve(8001)) {
            Outcome outcome = alice.type("srun -w cn1 --tunnel 8001:8000 echo started");

            assertThatStepStarted(outcome);
            assertThat(outcome.stderr()).contains("warning: the job runs without its tunnel");
        }
    }

    @Test
    void batchJobStartsIfTheSiteOnlyWantsAWarning() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, "start = warn\n");
                RunningCommand holder = bob.serve(8001);
                Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 --wrap 'echo started'")) {
            assertThat(job.awaitEnd().state()).isEqualTo("COMPLETED");
            assertThat(job.output()).contains("8001", "warning: the job runs without its tunnel", "started");
        }
    }

    private static void assertThatStepStarted(Outcome outcome) {
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.stdout()).isEqualTo("started\n");
        assertThat(outcome.stderr()).contains("8001", "Address already in use");
    }
}
