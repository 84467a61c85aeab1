package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ports that nobody names, for many jobs at once. */
@TestbedTest
class AutoPortsIT {
    private static final Pattern ANNOUNCED = Pattern.compile("tunnel up: (?:login|cn1):(\\d+) -> ");
    private static final Pattern TOLD = Pattern.compile("(?<node>cn[12]) has (?<port>\\d+)\\.");

    /** 100 in the long run. */
    private static final int TASKS = Integer.getInteger("testbed.tasks", 20);

    /** {@code -Dstunnel.steps=N} starts others than these, for a smaller machine. */
    private static final int STEPS = Integer.getInteger("stunnel.steps", 50);

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void isToldToTheUserAndToTheJob() {
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel web=auto:8000"
                + " bash -c 'echo job says $STUNNEL_WEB_LISTEN; exec /opt/testbed/serve 8000'")) {
            step.awaitStdout("serving");
            int port = announced(step.stderr());

            assertThat(step.stdout()).startsWith("job says " + port + "\n");
            assertThat(alice.fetch(port)).isEqualTo("hello from cn1:8000");
        }
    }

    @Test
    void isTheSameAfterALoss() {
        try (RunningCommand step =
                alice.startTyped("srun -w cn1 --tunnel auto:8000,Rauto:22 /opt/testbed/serve 8000")) {
            step.awaitStdout("serving");
            int port = announced(step.stderr());
            assertThat(alice.fetch(port)).isEqualTo("hello from cn1:8000");

            testbed.host("login").output("pkill", "--signal=KILL", "--exact", "ssh");

            Await.until("the tunnel is back", () -> alice.reaches(port));
        }
    }

    @Test
    void isOneOfItsOwnForEachTaskOfAJobArray() {
        try (RunningCommand one = alice.as("bob").on("cn1").serve(8888);
                RunningCommand two = alice.as("bob").on("cn2").serve(8888);
                Job array = Job.submit(
                        alice,
                        "sbatch --array=1-%d --tunnel Rauto:8888 --wrap 'echo $SLURMD_NODENAME has $STUNNEL_0_LISTEN.; exec sleep 600'"
                                .formatted(TASKS))) {
            Set<String> ports = new HashSet<>();
            for (int task = 1; task <= TASKS; task++) {
                String file = "slurm-%s_%d.out".formatted(array.id(), task);
                Await.until(file + " tells the port", () -> told(file).find());
                Matcher told = told(file);
                assertThat(told.find()).isTrue();
                ports.add(told.group("port"));
                assertThat(alice.fetch(Integer.parseInt(told.group("port"))))
                        .isEqualTo("hello from " + told.group("node") + ":8888");
            }
            assertThat(ports).hasSize(TASKS);
        }
    }

    @Test
    void isOneOfItsOwnForEachOfManyStepsOfSeveralUsersAtOnce() {
        // With so few ports for them many are taken between the look and the bind.
        try (ReplacedFile few = ReplacedFile.settings(
                        testbed, "policy.auto-ports = [\"24000-" + (24000 + STEPS + STEPS / 5) + "\"]\n");
                RunningCommand one = alice.as("bob").on("cn1").serve(8888);
                RunningCommand two = alice.as("bob").on("cn2").serve(8888);
                RunningCommand hers = alice.startTyped(steps(STEPS / 2));
                RunningCommand his = alice.as("bob").startTyped(steps(STEPS - STEPS / 2))) {
            List<MatchResult> told = new ArrayList<>();
            Await.until("all steps tell their ports", () -> {
                told.clear();
                Stream.of(hers, his)
                        .forEach(all -> TOLD.matcher(all.stdout()).results().forEach(told::add));
                return told.size() == STEPS;
            });
            for (MatchResult step : told) {
                assertThat(alice.fetch(Integer.parseInt(step.group(2))))
                        .isEqualTo("hello from " + step.group(1) + ":8888");
            }
            assertThat(told).extracting(step -> step.group(2)).doesNotHaveDuplicates();
        }
    }

    /** A line that starts so many at once, on both nodes. */
    private static String steps(int count) {
        String step = "srun -w cn$((i % 2 + 1)) --tunnel auto:8888"
                + " bash -c 'echo $SLURMD_NODENAME has $STUNNEL_0_LISTEN.; exec sleep 600'";
        return "trap 'kill $(jobs -p); wait' TERM; for i in $(seq %d); do %s & done; wait".formatted(count, step);
    }

    private Matcher told(String file) {
        return TOLD.matcher(alice.run("cat", file).stdout());
    }

    private static int announced(String stderr) {
        Matcher line = ANNOUNCED.matcher(stderr);
        assertThat(line.find()).as(stderr).isTrue();
        return Integer.parseInt(line.group(1));
    }
}
