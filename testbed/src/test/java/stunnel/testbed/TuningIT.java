package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The algorithms that ssh is told to prefer: what stunnel-tune finds, what a tunnel uses, and how a site says no. */
@TestbedTest
class TuningIT {
    private static final String PREFIX = "/opt/slurm-stunnel";
    private static final String TUNE = PREFIX + "/libexec/stunnel-tune";
    private static final String PLAN = PREFIX + "/bin/stunnel plan 8001:8000 --node cn1";

    private static final String STEP = "srun -w cn1 --tunnel 8001:8000";
    private static final String PRELOAD = "\"LD_PRELOAD=" + PREFIX + "/lib/java/ssh-nodelay.so\"";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account root = testbed.host("login");

    @Test
    void aTunnelLogsInWithWhatThePlanSays() {
        root.output(TUNE);
        String preferred = alice.output("sed", "-n", "s/^option //p", PREFIX + "/lib/java/ssh.options");
        assertThat(preferred).contains("KexAlgorithms=^");
        assertThat(alice.type(PLAN).stdout())
                .contains(preferred.lines().findFirst().orElseThrow());

        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000")) {
            step.awaitStdout("serving");
            assertThat(alice.output("ps", "-C", "ssh", "-o", "args="))
                    .contains(preferred.lines().toList());
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        }
    }

    @Test
    void aLoginNeitherHoldsSmallPacketsBackNorLetsSshdDoSo() {
        List<String> trace = alice.type("strace --follow-forks --trace=setsockopt,connect -- " + STEP + " true")
                .stderr()
                .lines()
                .toList();
        String connect = trace.stream()
                .filter(line -> line.contains("htons(22)"))
                .findFirst()
                .orElseThrow();
        String process = connect.substring(0, connect.indexOf(']'));
        int connected = trace.indexOf(connect);
        assertThat(trace.subList(0, connected))
                .anyMatch(line -> line.startsWith(process) && line.contains("TCP_NODELAY, [1]"));
        assertThat(trace.subList(connected, trace.size()))
                .anyMatch(line -> line.startsWith(process) && line.contains("TCP_QUICKACK, [1]"));
    }

    @Test
    void theLibraryIsForLoginsAlone() {
        alice.bash("echo 'Match exec \"env >/home/alice/seen\"' >>.ssh/config");
        try (RunningCommand step = alice.startTyped(
                "strace --follow-forks --no-abbrev --trace=execve --string-limit=4096 -- " + STEP + " sleep 600")) {
            step.awaitStderr("tunnel up: ");
            alice.output("pkill", "--signal=KILL", "--full", "^ssh .*-M");
            step.awaitStderr("up again");
            alice.output("scancel", "--user=alice");

            List<String> executed = step.outcome()
                    .stderr()
                    .lines()
                    .filter(line -> line.contains("execve("))
                    .toList();
            assertThat(executed)
                    .filteredOn(line -> line.contains("execve(\"/usr/bin/ssh\"") && line.contains("\"-M\""))
                    .hasSize(2)
                    .allMatch(line -> line.contains(PRELOAD));
            assertThat(executed).filteredOn(line -> !line.contains("\"-M\"")).noneMatch(line -> line.contains(PRELOAD));
            assertThat(alice.output("cat", "seen")).contains("HOME=/home/alice").doesNotContain("LD_PRELOAD");
        } finally {
            alice.bash("rm -f seen .ssh/config");
        }
    }

    @Test
    void theSiteCanLeaveItToSsh() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, "ssh.tuning = stock\n")) {
            assertThat(alice.type("strace --follow-forks --no-abbrev --trace=execve -- " + STEP + " true")
                            .stderr())
                    .contains("tunnel up")
                    .doesNotContain("LD_PRELOAD");
            assertThat(alice.type(PLAN).stdout()).contains("start ").doesNotContain("KexAlgorithms", "Ciphers");
        }
    }

    @Test
    void theSitesOwnChoiceComesFirst() {
        try (ReplacedFile line =
                ReplacedFile.settings(testbed, "ssh.args = [\"-o\", \"KexAlgorithms=ecdh-sha2-nistp256\"]\n")) {
            assertThat(alice.type(PLAN).stdout()).containsSubsequence("start ", "=ecdh-sha2-nistp256", "=^");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'ecdh-sha2-nistp256,curve25519-sha256', 'option KexAlgorithms=curve25519-sha256,ecdh-sha2-nistp256'",
        "'ecdh-sha2-nistp256', ''",
        "'curve25519-sha256,ecdh-sha2-nistp256', ''"
    })
    void whatTheMachineForbidsIsNotPreferred(String allowed, String option) {
        try (ReplacedFile configuration =
                ReplacedFile.with(root, "/etc/ssh/ssh_config", "Host *\n  KexAlgorithms " + allowed + "\n")) {
            root.output(TUNE);
            assertThat(root.type("grep ^option.Kex " + PREFIX + "/lib/java/ssh.options")
                            .stdout()
                            .strip())
                    .isEqualTo(option);
        } finally {
            root.output(TUNE);
        }
    }
}
