package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Many tunnels to one sshd at once, with the limits that OpenSSH has by itself (MaxStartups 10:30:100). */
@TestbedTest
class LoadIT {
    /** As many as an array of jobs starts in a second; more can be asked for by hand. */
    private static final int STEPS = Integer.getInteger("testbed.steps", 60);

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String SLURM_CONF = "/etc/slurm/slurm.conf";

    /**
     * The outputs of steps that did not start, and how many of them there are. Nobody logs in over the first ten connections,
     * but sshd counts them: whoever comes then is turned away with a probability of 30 %, however fast the logins are.
     */
    private static final String SCRIPT = """
            steps=%d
            cd $(mktemp --directory --tmpdir=$HOME)
            for i in $(seq 10); do exec {silent}<>/dev/tcp/cn1/22; done
            for i in $(seq $steps); do
                srun -w cn1 --quiet --tunnel $((20000 + i)):8000 echo started >$i 2>&1 </dev/null &
            done
            wait
            lost=0
            for i in $(seq $steps); do
                [ "$(<$i)" = started ] || { cat $i; lost=$((lost + 1)); }
            done
            echo "$lost of $steps were lost"
            rm -r "$PWD"
            """;

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");

    @Test
    void noneOfManyStepsIsLost() {
        int turnedAwayBefore = timesTurnedAway();
        String conf = login.output("cat", SLURM_CONF) + "\n";
        try (ReplacedFile patient =
                ReplacedFile.with(login, SLURM_CONF, conf.replace("cred_expire=6", "cred_expire=120"))) {
            SlurmNode.restart(node);
            try (RunningCommand steps = alice.start("bash", "-c", SCRIPT.formatted(STEPS))) {
                assertThat(Await.within(LIMIT, () -> !steps.isRunning()))
                        .as("none hangs")
                        .isTrue();
                assertThat(steps.outcome().stdout()).isEqualTo("0 of %d were lost\n".formatted(STEPS));
            }
        } finally {
            SlurmNode.restart(node);
        }
        assertThat(timesTurnedAway())
                .as("sshd was asked for more than it takes at once")
                .isGreaterThan(turnedAwayBefore);
    }

    private int timesTurnedAway() {
        return Integer.parseInt(node.run("grep", "--count", "past MaxStartups", "/var/log/sshd.log")
                .stdout()
                .strip());
    }
}
