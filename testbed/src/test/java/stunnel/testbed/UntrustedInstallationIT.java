package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An installation, or its settings, that others than root could have changed: nothing of it runs, and one message says why. */
@TestbedTest
class UntrustedInstallationIT {
    private static final String PREFIX = "/opt/slurm-stunnel/";

    private final Testbed testbed = Testbed.shared();
    private final Account root = testbed.host("login");
    private final Account alice = testbed.alice();

    @ParameterizedTest
    @ValueSource(strings = {"libexec", "libexec/stunnel-keeper", "lib", "lib/java", "lib/java/stunnel-runtime.jar"})
    void runsNoProgramThatOthersCanWrite(String part) {
        String mode = root.output("stat", "-c", "%a", PREFIX + part);
        root.output("chmod", "o+w", PREFIX + part);
        try {
            assertThatItIsRefused(
                    alice.type("srun --tunnel 8001:8000 echo started"), part + " can be written by others");
        } finally {
            root.output("chmod", mode, PREFIX + part);
        }
    }

    /** What Java loads, its options among it, and what ssh does. */
    @Test
    void runsNothingBesideAFileThatOthersCanWrite() {
        String files = root.output("find", PREFIX + "lib/java", "-type", "f");
        assertThat(files.lines()).hasSizeGreaterThan(10);

        assertThat(files.lines()).allSatisfy(this::assertThatOthersMustNotWriteIt);
    }

    private void assertThatOthersMustNotWriteIt(String file) {
        root.output("chmod", "o+w", file);
        try {
            assertThatItIsRefused(
                    alice.type("srun --tunnel 8001:8000 echo started"), file + " can be written by others");
        } finally {
            root.output("chmod", "o-w", file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"libexec/stunnel-keeper", "lib/java/stunnel-runtime.jar", "etc/stunnel.conf"})
    void usesNothingThatBelongsToTheJobsUser(String part) {
        root.output("chown", "alice", PREFIX + part);
        try {
            assertThatItIsRefused(alice.type("srun --tunnel 8001:8000 echo started"), part + " belongs to uid ");
        } finally {
            root.output("chown", "root", PREFIX + part);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"libexec/stunnel-keeper", "lib/java/stunnel-runtime.jar", "etc/stunnel.conf"})
    void failsTheJobAndSparesTheNode(String part) {
        try (Job job = Job.submit(alice, "sbatch --hold -w cn1 --tunnel 8001:8000 --wrap 'echo started'")) {
            root.output("chmod", "o+w", PREFIX + part);
            alice.output("scontrol", "release", job.id());

            assertThat(job.awaitEnd().state()).isEqualTo("FAILED");
            assertThat(job.output())
                    .contains(PREFIX + part + " can be written by others", "next: ")
                    .doesNotContain("started");
        } finally {
            root.output("chmod", "o-w", PREFIX + part);
        }
    }

    @Test
    void usesNoSettingsInAFolderThatOthersCanWrite() {
        String folder = root.output("mktemp", "--directory", "--tmpdir=/home");
        root.output("chmod", "777", folder);
        root.write(folder + "/stunnel.conf", "start = warn\n");
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", "conf=" + folder + "/stunnel.conf")) {
            assertThatItIsRefused(
                    alice.type("srun --tunnel 8001:8000 echo started"), folder + " can be written by others");
        } finally {
            root.output("rm", "-r", folder);
        }
    }

    private static void assertThatItIsRefused(Outcome outcome, String reason) {
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).containsOnlyOnce(reason).containsOnlyOnce("next: ask the administrator");
    }
}
