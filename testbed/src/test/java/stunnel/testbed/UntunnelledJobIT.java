package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A job without --tunnel: the plugin is loaded, and that is all. */
@TestbedTest
class UntunnelledJobIT {
    /** How many are run one after the other, or a few at a time; {@code ./dev soak} asks for more. */
    private static final int STEPS = Integer.getInteger("testbed.plain", 40);

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String NO_PLUGIN = "";
    private static final String PLUGIN_FILE = "/opt/slurm-stunnel/lib/slurm-spank-stunnel.so";

    private static final String[] STRACE = {
        "strace", "--follow-forks", "--trace=execve,fork,vfork,clone,clone3,%file", "--string-limit=4096"
    };

    /** Programs that are executed, and new processes; new threads are not of interest. */
    private static final Pattern PROCESS = Pattern.compile("execve\\(\"[^\"]*|(fork|clone3?)\\((?!.*CLONE_THREAD)");

    private static final Pattern OUR_FILE = Pattern.compile("(?<=\")[^\"]*stunnel[^\"]*(?=\")");

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @ParameterizedTest
    @ValueSource(strings = {"srun -w cn1 hostname", "salloc -w cn1 hostname", "sbatch -w cn1 --wrap hostname"})
    void startsNoProcessAndOpensNoFileOnTheSubmitHost(String commandLine) {
        String trace = traceOf(commandLine);

        assertThat(found(OUR_FILE, trace)).containsOnly(PLUGIN_FILE);
        try (ReplacedFile plugstack = ReplacedFile.plugstack(testbed, NO_PLUGIN)) {
            assertThat(found(PROCESS, trace)).isEqualTo(found(PROCESS, traceOf(commandLine)));
        }
    }

    @Test
    void startsNoProcessAndOpensNoFileOnTheNode() {
        String trace = traceOfNode();

        assertThat(found(OUR_FILE, trace)).containsOnly(PLUGIN_FILE);
        assertThat(found(PROCESS, trace)).contains("execve(\"/usr/bin/hostname");
        try (ReplacedFile plugstack = ReplacedFile.plugstack(testbed, NO_PLUGIN)) {
            assertThat(found(PROCESS, trace)).isEqualTo(found(PROCESS, traceOfNode()));
        }
    }

    @Test
    void hasTheSameEnvironment() {
        String variables = alice.output("srun", "-w", "cn1", "bash", "-c", "compgen -e | sort");

        try (ReplacedFile plugstack = ReplacedFile.plugstack(testbed, NO_PLUGIN)) {
            assertThat(alice.output("srun", "-w", "cn1", "bash", "-c", "compgen -e | sort"))
                    .isEqualTo(variables);
        }
    }

    @Test
    void leavesNothingAndChangesNothingHoweverOftenItRuns() {
        String many = "seq %d | xargs -P 8 -I{} srun -w cn1 echo step {}".formatted(STEPS);
        try (RunningCommand steps = alice.start("bash", "-c", many)) {
            Outcome outcome = steps.outcome(LIMIT);

            assertThat(outcome.exit()).isZero();
            // Of waiting for a free CPU srun tells by itself.
            assertThat(outcome.stderr().lines()).allMatch(line -> line.matches("srun: job \\d+ .*resources"));
            assertThat(Set.copyOf(outcome.stdout().lines().toList())).hasSize(STEPS);
        }
    }

    private String traceOf(String commandLine) {
        Outcome outcome = alice.type(String.join(" ", STRACE) + " -- " + commandLine);
        assertThat(outcome.exit()).isZero();
        Await.until(
                "its job has ended", () -> alice.output("squeue", "--noheader").isEmpty());
        return outcome.stderr();
    }

    /** What slurmd and its children do for one step. */
    private String traceOfNode() {
        Account node = testbed.host("cn1");
        String attach = String.join(" ", STRACE) + " --attach=" + node.output("pidof", "slurmd");
        try (RunningCommand strace = node.startTyped(attach)) {
            strace.awaitStderr("attached");
            alice.output("srun", "-w", "cn1", "hostname");
            Await.until(
                    "its job has ended",
                    () -> alice.output("squeue", "--noheader").isEmpty());
            strace.terminate();
            return strace.outcome().stderr();
        }
    }

    private static List<String> found(Pattern pattern, String trace) {
        return pattern.matcher(trace).results().map(MatchResult::group).toList();
    }
}
