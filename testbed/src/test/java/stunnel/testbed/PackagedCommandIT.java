package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command of an installed package is slurm-stunnel: wherever it is named it can be typed as it stands there. */
@TestbedTest
class PackagedCommandIT {
    private static final String COMMAND = "slurm-stunnel";
    private static final String LINE = "required /usr/lib/slurm-stunnel/lib/slurm-spank-stunnel.so";
    private static final Pattern QUOTED = Pattern.compile("[`']([^`']*stunnel [^`']*)[`']");
    private static final Pattern SUBCOMMAND = Pattern.compile("(?m)^  ([a-z-]+)  +\\S");

    private static final Testbed TESTBED = Testbed.shared();
    private static final Account ALICE = TESTBED.alice();
    private static PackagedHost login = new PackagedHost(TESTBED.host("login"));
    private static Packages packages = new Packages(List.of());

    @BeforeAll
    static void install() {
        packages = Packages.make(TESTBED);
        String deb = Packages.lend(TESTBED, packages.file(".deb"));
        login = PackagedHost.on(TESTBED, "login");
        login.apt("install", deb);
        login.plug(LINE);
    }

    @AfterAll
    static void uninstall() {
        login.close();
    }

    @Test
    void isNamedByItsHelp() {
        assertThat(ALICE.output(COMMAND, "--help")).startsWith("Usage: slurm-stunnel ");
        for (String subcommand : subcommands()) {
            assertThat(ALICE.output(COMMAND, subcommand, "--help"))
                    .startsWith("Usage: slurm-stunnel " + subcommand + " ")
                    .containsPattern("Example[^!]* slurm-stunnel " + subcommand)
                    .doesNotContainPattern(otherName());
        }
        assertThat(ALICE.run(COMMAND, "plan").stderr()).contains("Usage: slurm-stunnel plan ");
    }

    @Test
    void isNamedByWhatThePluginSays() {
        assertThat(ALICE.output("srun", "--help").replaceAll("\\s+", " "))
                .contains("`man slurm-spank-stunnel' has the rest");
        assertThat(ALICE.run("man", "slurm-spank-stunnel").stdout()).contains("slurm-stunnel plan");
        try (RunningCommand first = ALICE.startTyped("srun -w cn1 --tunnel 8001:8000 sleep infinity")) {
            first.awaitStderr("tunnel up");
            Outcome second = ALICE.type("srun -w cn1 --overlap --tunnel 8001:8000 true");
            assertThat(second.stderr()).contains("held by your job ");
            assertThatItRuns(second.stderr(), 0);
        }
        TESTBED.awaitEndOfTunnel("login", 8001);
    }

    @Test
    void isNamedByWhatItSays() {
        try (Job job = Job.submit(ALICE, "sbatch -w cn1 --wrap 'sleep infinity'")) {
            Await.until("it runs", () -> job.state().equals("RUNNING"));
            assertThatItRuns(ALICE.output(COMMAND, "open", job.id(), "8001:8000"), 0);
            TESTBED.awaitEndOfTunnel("login", 8001);
            Outcome none = ALICE.run(COMMAND, "close", job.id());
            assertThat(none.stderr()).startsWith("slurm-stunnel: this host holds no tunnel");
            assertThatItRuns(none.stderr(), 0);
        }
        assertThat(ALICE.run(COMMAND, "doctor").stdout()).contains("`slurm-stunnel doctor HOST`");
    }

    @Test
    void isNamedByTheDocuments() {
        String files = login.root()
                .output(
                        "bash",
                        "-c",
                        "cd /usr/share; zcat man/man*/slurm-*stunnel*.gz doc/slurm-stunnel/changelog.gz;"
                                + " cat /etc/slurm/stunnel.conf; find doc/slurm-stunnel -name '*.md' -exec cat {} +");
        assertThat(files).contains("slurm-stunnel doctor", "slurm-stunnel list");
        assertThat(Pattern.compile(".*" + otherName() + ".*")
                        .matcher(files)
                        .results()
                        .map(MatchResult::group))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            bash --norc -i, source /usr/share/bash-completion/bash_completion
            zsh -f -i,      autoload -U compinit; compinit -D -u; unset zle_bracketed_paste
            """)
    void isCompleted(String shell, String start) {
        try (RunningCommand terminal = ALICE.startOnTerminal("TERM=dumb " + shell)) {
            terminal.type("PS1='> '; " + start + "; echo re''ady");
            terminal.awaitStdout("ready\r\n");
            // Taken back before the line's end, so that it is not run.
            terminal.type("slurm-stunnel \t\t\u0015");
            subcommands().forEach(terminal::awaitStdout);
            terminal.type("slurm-stunnel plan --\t\t\u0015");
            List.of("--as", "--submit-host", "--plugstack-arg").forEach(terminal::awaitStdout);
        }
    }

    @Test
    void isCompletedByFish() {
        String offer = "complete -C'slurm-stunnel '; complete -C'slurm-stunnel plan --'";
        assertThat(ALICE.output("fish", "-c", offer).lines().map(line -> line.split("\t", -1)[0]))
                .containsAll(subcommands())
                .contains("--as", "--submit-host", "--plugstack-arg");
    }

    @Test
    void hasDocumentsWithoutADeadLink(@TempDir Path tree) throws IOException {
        Packages.run(List.of("dpkg-deb", "--extract", packages.file(".deb").toString(), tree.toString()));
        Path documents = tree.resolve("usr/share/doc/slurm-stunnel");
        assertThat(Files.readString(documents.resolve("README.md")))
                .contains("(docs/pictures/tunnel.svg)", "(changelog.gz)");
        assertThat(Links.broken(documents, tree)).isEmpty();

        Path installed = TESTBED.checkout().resolve(".testbed/slurm-stunnel");
        assertThat(Links.broken(installed.resolve("share/doc/slurm-spank-stunnel"), installed))
                .isEmpty();

        String inDeb = Packages.run(List.of(
                        "find",
                        documents.toString(),
                        "-type",
                        "f",
                        "!",
                        "-name",
                        "changelog.Debian.gz",
                        "-printf",
                        "%P\n"))
                .stdout();
        String inRpm = Packages.run(List.of("rpm", "-qpl", packages.file(".rpm").toString()))
                .stdout();
        assertThat(inRpm.lines().toList())
                .containsAll(inDeb.lines()
                        .map(file -> "/usr/share/doc/slurm-stunnel/" + file)
                        .toList());
    }

    /** The command in a message, as it stands there. */
    private static void assertThatItRuns(String message, int status) {
        List<String> named =
                QUOTED.matcher(message).results().map(found -> found.group(1)).toList();
        assertThat(named).as(message).isNotEmpty();
        for (String command : named) {
            assertThat(command).startsWith(COMMAND + " ");
            Outcome outcome = ALICE.type(command);
            assertThat(outcome.exit()).as("%s: %s", command, outcome).isEqualTo(status);
        }
    }

    private static List<String> subcommands() {
        return SUBCOMMAND
                .matcher(ALICE.output(COMMAND, "--help"))
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private static String otherName() {
        return "(?<![-/.\\w]|\\\\fB-)stunnel (" + String.join("|", subcommands()) + ")\\b";
    }
}
