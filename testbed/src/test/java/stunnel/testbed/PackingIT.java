package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code ./dev package} makes, before it is installed anywhere. */
@TestbedTest
class PackingIT {
    private static final Testbed TESTBED = Testbed.shared();
    private static Packages packages = new Packages(List.of());

    @BeforeAll
    static void pack() {
        packages = Packages.make(TESTBED);
    }

    @Test
    void isTiedToTheRelease() {
        String version = TESTBED.alice().output("sinfo", "--version");
        String release = version.replaceAll(".* (\\d+\\.\\d+).*", "$1");
        assertThat(field("dpkg-deb", "--field", packages.file(".deb").toString(), "Depends"))
                .contains("slurm-wlm-basic-plugins (>= " + release + ")", "slurm-wlm-basic-plugins (<< 22.06~)");
        assertThat(field("rpm", "-qp", "--requires", packages.file(".rpm").toString()))
                .contains("slurm >= " + release + "\n", "slurm < 22.06\n");
    }

    /** What OutsideTheJobIT sees work where it was installed from source. */
    @Test
    void letsNobodyReadTheKeeper() {
        assertThat(field("dpkg-deb", "--contents", packages.file(".deb").toString())
                        + field("rpm", "-qplv", packages.file(".rpm").toString()))
                .containsPattern(
                        "(?s)-rwx--x--x +root/root .*/stunnel-keeper\n.*-rwx--x--x +1 root +root .*/stunnel-keeper\n");
    }

    @Test
    void namesWhoBuiltIt() {
        String dev = TESTBED.checkout().resolve("dev").toString();
        List<String> command = List.of(
                "env", "DEBFULLNAME=Ann Example", "DEBEMAIL=ann@example.org", dev, "package", "--as-built", "deb");
        String deb = Packages.run(command).stdout().strip();
        assertThat(field("dpkg-deb", "--field", deb, "Maintainer")).isEqualTo("Ann Example <ann@example.org>\n");
    }

    @Test
    void hasTheSameBytesWhereverItIsBuilt() {
        String said = Packages.run(
                        List.of(TESTBED.checkout().resolve("packaging/verify").toString(), "--built"))
                .stdout();
        assertThat(said).startsWith("the same twice: slurm-stunnel_");
    }

    @Test
    void hasNothingThatLintersRefuse() {
        Packages.run(List.of(
                "lintian",
                "--allow-root",
                "--fail-on=error",
                packages.file(".deb").toString()));
        Packages.run(List.of(
                "rpmlint",
                "--config",
                TESTBED.checkout().resolve("packaging/rpm/rpmlint.toml").toString(),
                packages.file(".rpm").toString()));
    }

    /** The list of the jars is Maven's, which makes none without the network. */
    @Test
    void refusesAListOfOtherJars() throws IOException {
        Path list = TESTBED.checkout().resolve("runtime/target/bom.json");
        String dev = TESTBED.checkout().resolve("dev").toString();
        String whole = Files.readString(list);
        try {
            for (String hash : List.of("", "0123")) {
                Files.writeString(list, whole.replaceAll("(\"SHA-256\",\\s*\"content\" : \")[0-9a-f]{4}", "$1" + hash));
                Outcome outcome = RunningCommand.start(List.of(dev, "package", "--as-built", "deb"), "")
                        .outcome();
                assertThat(outcome.exit()).isEqualTo(1);
                assertThat(outcome.stdout()).isEmpty();
                assertThat(outcome.stderr())
                        .contains("bom.json", "is missing or not of those that are built", "mvn package");
            }
        } finally {
            Files.writeString(list, whole);
        }
    }

    private static String field(String... command) {
        return Packages.run(List.of(command)).stdout();
    }
}
