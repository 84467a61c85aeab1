package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code stunnel doctor} on a host where one thing is wrong: it names that one, and what to do. */
@TestbedTest
class DoctorIT {
    private static final String DOCTOR = "/opt/slurm-stunnel/bin/stunnel doctor";
    private static final String JARS = "/opt/slurm-stunnel/lib/java/";

    private final Testbed testbed = Testbed.shared();
    private final Account root = testbed.host("login");
    private final Account alice = testbed.alice();

    @Test
    void findsNothingWrongWhereNothingIs() {
        Outcome outcome = alice.type(DOCTOR);

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.stdout().lines().map(line -> line.substring(0, 20).strip()))
                .containsExactly(
                        "ok       java",
                        "ok       jars",
                        "ok       archive",
                        "ok       plugstack",
                        "ok       settings",
                        "ok       plugin",
                        "ok       ssh",
                        "ok       control",
                        "skipped  host");
        assertThat(outcome.stderr()).isEqualTo("nothing is wrong\n");
    }

    /** Both commands are for root on the submit host; in them F stands for the file, which is kept beside as F.kept. */
    @ParameterizedTest(name = "{1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
                    java      | libexec/java                  | rm F                            | there is no Java at
                    java      | libexec/java                  | ln -sfn /bin/false F            | does not start
                    jars      | lib/java/stunnel-runtime.jar  | truncate --size=1000 F          | does not run the jars
                    jars      | lib/java/logback-core-*.jar   | rm F                            | is missing
                    jars      | lib/java/libjnidispatch.so    | rm F                            | native library is not usable
                    plugin    | libexec/stunnel-keeper        | chmod o+w F                     | can be written by others
                    plugin    | lib/slurm-spank-stunnel.so    | OTHER F                         | ncompatible
                    settings  | etc/stunnel.conf              | echo start = never >>F          | stunnel.conf
                    settings  | etc/stunnel.conf              | chmod o+w F                     | can be written by others
                    """)
    void namesWhatIsWrongWithTheInstallation(String check, String file, String damage, String words) {
        // Slurm compares year and month of its version with those that the plugin has in a constant.
        String other = "f() { at=$(readelf -sW $1 | awk '/ plugin_version$/ {print $2; exit}');"
                + " printf '\\x06' | dd of=$1 bs=1 seek=$((0x$at + 1)) conv=notrunc status=none; }; f";
        String path = root.type("echo /opt/slurm-stunnel/" + file).stdout().strip();
        root.output("cp", "--preserve", "--no-dereference", path, path + ".kept");
        try {
            root.output("bash", "-c", damage.replace("OTHER", other).replace("F", path));

            assertThatItNames(check, words, alice.type(DOCTOR));
        } finally {
            root.output("mv", "--no-target-directory", path + ".kept", path);
        }
    }

    @Test
    void saysWithoutJavaInJsonToo() {
        String java = "/opt/slurm-stunnel/libexec/java";
        root.output("mv", java, java + ".kept");
        try {
            assertThat(alice.type(DOCTOR + " cn1 --json").stdout())
                    .isEqualTo("{\"checks\":[{\"name\":\"java\",\"state\":\"wrong\",\"detail\":\"there is no Java at "
                            + java + "\",\"next\":\"let " + java
                            + " link to a Java 17 or newer\"}],\"wrong\":\"java\"}\n");
            assertThat(alice.type("/opt/slurm-stunnel/bin/stunnel list"))
                    .isEqualTo(new Outcome(
                            2,
                            "",
                            "stunnel: there is no Java at " + java + "\n  next: let " + java
                                    + " link to a Java 17 or newer\n"));
        } finally {
            root.output("mv", java + ".kept", java);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mv ", "truncate --size=100000 "})
    void warnsOfAnArchiveThatIsNotUsed(String damage) {
        String archive = alice.output("/opt/slurm-stunnel/libexec/stunnel-keeper", "--archive");
        root.output("cp", "--preserve", archive, archive + ".kept");
        try {
            root.type(damage + archive + (damage.startsWith("mv") ? " /tmp/archive" : ""));

            Outcome outcome = alice.type(DOCTOR);

            assertThat(outcome.exit()).isZero();
            assertThat(outcome.stdout())
                    .contains("warning  archive")
                    .contains("next: ")
                    .contains("stunnel-tune");
        } finally {
            root.output("mv", archive + ".kept", archive);
            root.output("rm", "-f", "/tmp/archive");
        }
    }

    @Test
    void warnsOfAKeeperThatUsersMayRead() {
        String keeper = "/opt/slurm-stunnel/libexec/stunnel-keeper";
        String mend = "chmod 0711 " + keeper;
        root.output("chmod", "0755", keeper);
        try {
            Outcome outcome = alice.type(DOCTOR + " --quiet");

            assertThat(outcome.exit()).isZero();
            assertThat(outcome.stdout())
                    .isEqualTo("warning  plugin     users may read " + keeper
                            + ", and with that take over what runs when their jobs have ended\n"
                            + "                    next: run `" + mend + "` as root\n");
        } finally {
            root.type(mend);
        }
        assertThat(alice.type(DOCTOR + " --quiet").stdout()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'', no line of /etc/slurm/plugstack.conf loads the plugin", "required PLUGIN ssh_arg=-v, ssh_arg"})
    void namesABadLineOfPlugstackConf(String line, String words) {
        String text = line.replace("PLUGIN", "/opt/slurm-stunnel/lib/slurm-spank-stunnel.so") + "\n";
        try (ReplacedFile plugstack = ReplacedFile.plugstack(testbed, text)) {
            assertThatItNames("plugstack", words, alice.type(DOCTOR));
        }
    }

    @Test
    void namesAnSshThatDoesNotRun() {
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", "ssh_cmd=/opt/none/ssh")) {
            assertThatItNames("ssh", "/opt/none/ssh cannot be run", alice.type(DOCTOR + " cn1"));
        }
    }

    /** With what else the plugin's line says. */
    @Test
    void looksAtAnotherSettingsFile() {
        String other = DOCTOR + " --conf other.conf";
        try (ReplacedFile conf = ReplacedFile.with(alice, "other.conf", "login.host = \"%h.example.org\"\n")) {
            assertThat(alice.type(other).stdout()).contains("ok       settings   /home/alice/other.conf\n");
            try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", "ssh_cmd=/opt/none/ssh")) {
                assertThatItNames("ssh", "/opt/none/ssh cannot be run", alice.type(other));
            }
        }
        try (ReplacedFile conf = ReplacedFile.with(alice, "other.conf", "start = never\n")) {
            assertThatItNames("settings", "other.conf:1:9: ", alice.type(other));
        }
        assertThat(alice.type(other).stderr()).startsWith("--conf: other.conf cannot be read\n");
    }

    @Test
    void warnsOfAlgorithmsThatWereChosenForAnotherSsh() {
        String options = JARS + "ssh.options";
        try (ReplacedFile chosen = ReplacedFile.with(root, options, "file /usr/bin/ssh 1 1\noption Ciphers=^aes\n")) {
            assertThat(alice.type(DOCTOR).stdout())
                    .contains("warning  ssh", "it is not as it was when others were chosen");
        }
    }

    @Test
    void namesAControlDirectoryThatCannotBeUsed() {
        try (TemporaryFolder folder = TemporaryFolder.full(root)) {
            assertThatItNames("control", "No space left on device", alice.type(DOCTOR));
        }
        try (TemporaryFolder folder = TemporaryFolder.with(root, "ro")) {
            assertThatItNames("control", "Read-only file system", alice.type(DOCTOR));
        }
        root.output("install", "--directory", "--mode=777", "/tmp/everybodys");
        try (ReplacedFile settings = ReplacedFile.settings(testbed, "control.dir = \"/tmp/everybodys\"\n")) {
            assertThatItNames("control", "/tmp/everybodys can be changed by others", alice.type(DOCTOR));
        } finally {
            root.output("rmdir", "/tmp/everybodys");
        }
    }

    @Test
    void namesAControlPathThatIsTooLongForSsh() {
        String folder = "/tmp/" + "login".repeat(12);
        root.output("install", "--directory", "--owner=alice", folder);
        try (ReplacedFile settings =
                ReplacedFile.settings(testbed, "control.dir = \"/tmp/" + "%h".repeat(12) + "\"\n")) {
            assertThatItNames("control", "more than the 90 that ssh can use", alice.type(DOCTOR));
        } finally {
            root.output("rmdir", folder);
        }
    }

    static void assertThatItNames(String check, String words, Outcome outcome) {
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout().lines().filter(line -> line.startsWith("wrong")))
                .as(outcome.toString())
                .singleElement()
                .asString()
                .contains(" " + check + " ", words);
        assertThat(outcome.stdout()).containsPattern("wrong .*\n +next: .");
        assertThat(outcome.stderr()).endsWith("the first thing that is wrong: " + check + "\n");
    }
}
