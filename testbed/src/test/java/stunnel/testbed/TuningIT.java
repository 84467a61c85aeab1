package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The algorithms that ssh is told to prefer: what stunnel-tune finds, what a tunnel uses, and how a site says no. */
@TestbedTest
class TuningIT {
    private static final String PREFIX = "/opt/slurm-stunnel";
    private static final String TUNE = PREFIX + "/libexec/stunnel-tune";
    private static final String PLAN = PREFIX + "/bin/stunnel plan 8001:8000 --node cn1";

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
    void theSiteCanLeaveItToSsh() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, "ssh.tuning = stock\n")) {
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
