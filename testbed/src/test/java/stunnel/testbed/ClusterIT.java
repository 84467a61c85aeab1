package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The testbed itself, without a tunnel. */
@TestbedTest
class ClusterIT {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Testbed testbed = Testbed.shared();

    @Test
    void runsStepsOnBothNodes() {
        Outcome outcome = testbed.alice().run("srun", "-N2", "hostname");

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.stdout().lines()).containsExactlyInAnyOrder("cn1", "cn2");
    }

    @Test
    void reachesEveryHostWithSshAndNoQuestion() {
        for (String from : Testbed.HOSTS) {
            for (String to : Testbed.HOSTS) {
                Account account = testbed.host(from).as("bob");
                assertThat(account.output("ssh", "-o", "BatchMode=yes", to, "hostname"))
                        .isEqualTo(to);
            }
        }
    }

    @Test
    void passesArgumentsInputAndExitStatusUntouched() {
        String printArguments = "printf '[%s]' \"$@\"; exit 7";

        Outcome outcome = testbed.alice().run("bash", "-c", printArguments, "-", "a  b", "'", "\"$HOME\"", "");

        assertThat(outcome).isEqualTo(new Outcome(7, "[a  b]['][\"$HOME\"][]", ""));
        assertThat(testbed.alice()
                        .bash("read -r line <<<'kept as it is'; echo \"$line\"")
                        .stdout())
                .isEqualTo("kept as it is\n");
    }

    @Test
    void givesACleanEnvironment() {
        assertThat(testbed.alice().output("bash", "-c", "pwd; env").lines())
                .contains("/home/alice", "HOME=/home/alice", "USER=alice", "PATH=/usr/local/bin:/usr/bin:/bin")
                .noneMatch(line -> line.startsWith("JAVA") || line.startsWith("MAVEN"));
    }

    @Test
    void killingACommandKillsItOnTheHost() {
        try (RunningCommand command = testbed.alice().start("bash", "-c", "echo started; exec sleep 600")) {
            command.awaitStdout("started");
            assertThat(testbed.host("login").run("pgrep", "-x", "sleep").exit()).isZero();

            command.kill();

            assertThat(command.outcome().exit()).isEqualTo(128 + 9);
            assertThat(Await.within(
                            LIMIT,
                            () -> testbed.host("login")
                                            .run("pgrep", "-x", "sleep")
                                            .exit()
                                    == 1))
                    .isTrue();
        }
    }

    @Test
    void runsAndCancelsABatchJob() {
        Account alice = testbed.alice();
        String job = alice.output("sbatch", "--parsable", "--output=/dev/null", "--wrap", "srun sleep 600");
        assertThat(Await.within(
                        LIMIT, () -> alice.output("squeue", "-hj", job, "-o%T").equals("RUNNING")))
                .isTrue();

        assertThat(alice.run("scancel", job).exit()).isZero();
    }
}
