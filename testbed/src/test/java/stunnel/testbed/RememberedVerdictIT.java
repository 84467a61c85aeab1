package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A value that was accepted before is submitted before it is judged again; and judged it is, whatever the memory says. */
@TestbedTest
class RememberedVerdictIT {
    private static final String SBATCH = "sbatch -w cn1 --tunnel %s --wrap hostname";
    private static final String SRUN = "srun -w cn1 --tunnel %s hostname";
    private static final String TRACE = "strace --follow-forks --trace=execve,openat --string-limit=256 -- ";

    private static final Pattern DIRECTORY = Pattern.compile("/tmp/stunnel-[0-9]+-[a-z2-7]+");

    /** What the forgery is tried against. */
    private static final String POLICY = "policy.listen-ports = [8001]\n";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @ParameterizedTest
    @ValueSource(strings = {SBATCH, "salloc -w cn1 --tunnel %s true"})
    void theSameValueIsSubmittedWithoutARuntime(String command) {
        remember(command.formatted("8001:8000"));

        assertThat(execve(command.formatted("8001:8000"))).doesNotContain("stunnel-keeper", "java");
        assertThat(execve(command.formatted("8002:8000"))).contains("stunnel-keeper", "java");
        alice.output("scancel", "--user=alice");
    }

    @Test
    void aTunnelOfSrunOpensAsBefore() {
        remember(SRUN.formatted("8001:8000"));

        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000")) {
            step.awaitStdout("serving");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            alice.output("scancel", "--user=alice");
        }
    }

    @Test
    void theKeeperLogsInWhileTheRuntimeIsOnItsWay() {
        remember(SRUN.formatted("8001:8000"));
        String first = traceOfLogin();
        // The name of the directory was good for one tunnel.
        assertThat(directory(traceOfLogin())).isNotEqualTo(directory(first));
    }

    private String traceOfLogin() {
        String trace = alice.type(TRACE.replace("openat", "mkdir,mkdirat") + SRUN.formatted("8001:8000"))
                .stderr();
        // The runtime would have made the directory by mkdirat.
        assertThat(trace)
                .contains("mkdir(\"/tmp/stunnel-", "tunnel up")
                .doesNotContainPattern("mkdirat\\([0-9]+, \"stunnel-");
        assertThat(trace.lines().filter(line -> line.contains("\"-M\"") && line.contains("(\"/usr/bin/ssh\"")))
                .hasSize(1);
        return trace;
    }

    /** The user can write what is begun with; what the tunnel is made with says the runtime. */
    @ParameterizedTest
    @ValueSource(strings = {"s/Interval=10/Interval=11/", "s,=ssh$,=false,", "s,=ssh$,=/tmp/hang,"})
    void aForgedLoginIsNotUsed(String change) {
        alice.bash("printf '#!/bin/sh\nexec sleep 600\n' >/tmp/hang; chmod +x /tmp/hang");
        remember(SRUN.formatted("8001:8000"));
        alice.bash("cd /run/user/$(id -u)/slurm-stunnel && umask 077 && f=$(echo *.login) && tr '\\0' '\\n' <$f |"
                + " sed '" + change + "' | tr '\\n' '\\0' >new && mv new $f");
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000")) {
            step.awaitStdout("serving");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.output("ps", "-C", "ssh,hang,sleep", "-o", "args=").lines())
                    .singleElement()
                    .asString()
                    .contains("ServerAliveInterval=10 ");
            assertThat(alice.bash("ls -d /tmp/stunnel-*").stdout().lines()).hasSize(1);
            alice.output("scancel", "--user=alice");
        } finally {
            alice.bash("rm /tmp/hang");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"policy.listen-ports = [9000]\n", "policy.directions = [R]\n"})
    void whatTheSettingsForbidMeanwhileIsRefusedBeforeItIsSubmitted(String policy) {
        remember(SRUN.formatted("8001:8000"));

        try (ReplacedFile settings = ReplacedFile.settings(testbed, policy)) {
            Outcome outcome = alice.type(SRUN.formatted("8001:8000"));
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stderr()).contains("--tunnel:1:").doesNotContain("accepted before");
        }
    }

    @Test
    void aRuntimeThatHasTooLittleMemoryRefusesNoValue() {
        remember(SRUN.formatted("8001:8000"));

        Outcome outcome = alice.type("ulimit -v 300000; " + SRUN.formatted("8001:8000"));

        assertThat(outcome.exit()).isNotZero();
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("`ulimit -v`", "accepted before").doesNotContain("is not any more");
    }

    @Test
    void aForgedMemoryOpensNothing() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, POLICY)) {
            remember(SRUN.formatted("8001:8000"));
            forge("8001", "8009");
            Outcome step = alice.type(SRUN.formatted("8009:8000"));
            assertThat(step.exit()).isNotZero();
            assertThat(step.stdout()).isEmpty();
            assertThat(step.stderr())
                    .contains("--tunnel:1:1: error: ", "8009", "accepted before, and is not any more")
                    .doesNotContain("tunnel up");
            // Nor does anything of the login stay, which the forgery began with.
            assertThat(alice.bash("ls -d /tmp/stunnel-*; ps -C ssh -o args=").stdout())
                    .isEmpty();
            // It was heeded: the next one is refused before it is submitted.
            assertThat(alice.type(SRUN.formatted("8009:8000")).stderr()).doesNotContain("accepted before");

            forget();
            remember(SBATCH.formatted("8001:8000"));
            forge("8001", "8009");
            try (Job job = Job.submit(alice, SBATCH.formatted("8009:8000"))) {
                assertThat(job.awaitEnd().state()).isEqualTo("FAILED");
                assertThat(job.output()).contains("--tunnel:1:1: error: ").doesNotContain("tunnel up");
            }
        }
    }

    @Test
    void aValueThatIsRefusedIsNotRemembered() {
        remember(SRUN.formatted("8001:8000"));
        forget();

        assertThat(alice.type(SRUN.formatted("8001x:8000")).exit()).isEqualTo(1);
        assertThat(memory()).isEmpty();
    }

    @Test
    void aJobWithoutATunnelDoesNotLook() {
        remember(SRUN.formatted("8001:8000"));

        assertThat(alice.type(TRACE + "srun -w cn1 hostname").stderr()).doesNotContain("/run/user");
        assertThat(alice.type(TRACE + SRUN.formatted("8001:8000")).stderr()).contains("/run/user");
    }

    /** Files that were changed in this very moment are not relied on. */
    private void remember(String command) {
        Await.until("the value is remembered", () -> {
            assertThat(alice.type(command).exit()).isZero();
            return !memory().isEmpty();
        });
        alice.output("scancel", "--user=alice");
    }

    private void forget() {
        alice.bash("rm -rf /run/user/$(id -u)/slurm-stunnel");
    }

    private String memory() {
        return alice.bash("ls /run/user/$(id -u)/slurm-stunnel").stdout();
    }

    /** Says of another value what was said of one, under every name that this may have. */
    private void forge(String from, String to) {
        assertThat(alice.bash("""
                        umask 077
                        cd /run/user/$(id -u)/slurm-stunnel
                        for kind in "" .login; do
                            [ -e [0-9]$kind -o -e [0-9][0-9]$kind ] || continue
                            sed 's/FROM/TO/g' [0-9]$kind [0-9][0-9]$kind 2>/dev/null >../forged$kind
                        done
                        rm *
                        for slot in {0..63}; do
                            for file in ../forged*; do cp $file $slot${file#../forged}; done
                        done
                        rm ../forged*
                        """.replace("FROM", from).replace("TO", to))).isEqualTo(new Outcome(0, "", ""));
    }

    private static String directory(String trace) {
        return DIRECTORY.matcher(trace).results().findFirst().orElseThrow().group();
    }

    private String execve(String command) {
        return alice.type("strace --follow-forks --trace=execve -- " + command).stderr();
    }
}
