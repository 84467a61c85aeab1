package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples that the project was founded on, as users type them. */
@TestbedTest
class SeedExamplesIT {
    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account bob = alice.as("bob");

    @ParameterizedTest
    @ValueSource(strings = {"--tunnel 8001:8000,8889:8888", "--tunnel=-L8001:8000,-L8889:8888"})
    void interactiveSessionWithTwoServers(String option) {
        try (RunningCommand session = alice.startOnTerminal("srun --pty --mem 4000 -p dev " + option + " bash")) {
            session.awaitStdout("tunnel up: login:8001 -> cn1:8000, login:8889 -> cn1:8888");
            session.type("/opt/testbed/serve 8000 8888 &");
            session.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.fetch(8889)).isEqualTo("hello from cn1:8888");

            session.type("kill %1; exit");
            assertThat(session.outcome().exit()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tunnel -L1900:license_server:1900", "--tunnel L1900:license_server:1900"})
    void batchJobReachesLicenseServerThroughLoginNode(String option) {
        writeScript("/opt/testbed/fetch 1900");
        try (RunningCommand server = bob.serve(1900);
                Job job = Job.submit(alice, "sbatch " + option + " script")) {
            job.awaitEnd();

            assertThat(job.output()).endsWith("hello from login:1900\n");
            assertThat(job.state()).isEqualTo("COMPLETED");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tunnel -R8001:8000", "--tunnel R8001:8000", "--tunnel=8001:8000"})
    void batchJobIsReachedFromLoginNode(String option) {
        writeScript("exec /opt/testbed/serve 8000");
        try (Job job = Job.submit(alice, "sbatch " + option + " script")) {
            job.awaitOutput("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tunnel L8001:localhost:8000", "--tunnel=-L8001:localhost:8000"})
    void batchJobReachesServerOnLoginNode(String option) {
        writeScript("/opt/testbed/fetch 8001");
        try (RunningCommand server = bob.serve(8000);
                Job job = Job.submit(alice, "sbatch " + option + " script")) {
            job.awaitEnd();

            assertThat(job.output()).endsWith("hello from login:8000\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tunnel R8001:8000,L8889:8888", "--tunnel=-R8001:8000,-L8889:8888"})
    void bothDirectionsAtOnce(String option) {
        String bothWays = "/opt/testbed/fetch 8001; exec /opt/testbed/serve 8888";
        try (RunningCommand server = bob.serve(8000);
                RunningCommand step = alice.startTyped("srun " + option + " bash -c '" + bothWays + "'")) {
            step.awaitStdout("hello from login:8000").awaitStdout("serving");

            assertThat(alice.fetch(8889)).isEqualTo("hello from cn1:8888");
        }
    }

    private void writeScript(String command) {
        alice.write("script", "#!/bin/bash\n" + command + "\n");
    }
}
