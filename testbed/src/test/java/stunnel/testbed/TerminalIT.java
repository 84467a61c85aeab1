package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages on a terminal: as wide as that is, with its colours, and without anything that was not asked for. */
@TestbedTest
class TerminalIT {
    private static final String STUNNEL = "/opt/slurm-stunnel/bin/stunnel";
    private static final int NARROW = 50;
    private static final String LONG = "8001:8000,".repeat(12) + "8002x:8000," + "8003:8000,".repeat(12) + "1:1";
    private static final String TUNNEL = "srun -w cn1 --tunnel jupyter=auto:8000,files=/home/alice/files.sock:8000,"
            + "8001:license_server:1900 /opt/testbed/serve 8000";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void areLaidOutForItsWidth() {
        try (ReplacedFile rc = rc();
                Screen screen = Screen.open(alice, "narrow", NARROW)) {
            for (String command : List.of(
                    "stunnel validate --spec " + LONG, "stunnel plan " + LONG, "srun --tunnel " + LONG + " true")) {
                String seen = after(screen, command, "digits alone");
                List<String> lines = seen.lines().toList();
                int marks = lines.indexOf(lines.stream()
                        .filter(line -> line.strip().equals("^^^^^"))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(seen)));
                assertThat(lines.get(marks - 1)).contains("...").hasSizeLessThanOrEqualTo(NARROW);
                assertThat(lines.get(marks).indexOf('^'))
                        .isEqualTo(lines.get(marks - 1).indexOf("8002x"));
                assertThat(seen).contains("error: 8002x is not a port");
                assertThat(seen.replaceAll("\\s+", " "))
                        .contains("hint: a port is a number from 1 to 65535, in digits alone");
                assertThat(lines).allMatch(line -> line.length() <= NARROW, "is no wider than the terminal");
            }
            String seen = after(screen, "stunnel ssh-config x", "Usage: ");
            assertThat(seen).contains("\n  `squeue --me --format='%A %j'` shows it, of");
            assertThat(seen.lines().skip(4)).anyMatch(line -> line.strip().startsWith("--node"));
        }
    }

    @Test
    void showTheWholeOfAListAlsoWhileItIsWatched() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, "login.host = \"%h.example.org\"\n");
                RunningCommand step = alice.startTyped(TUNNEL);
                ReplacedFile rc = rc();
                Screen screen = Screen.open(alice, "narrow", NARROW)) {
            step.awaitStdout("serving");
            List<String> plain = alice.output(STUNNEL, "list").lines().toList();
            assertThat(plain).hasSize(5);

            screen.type("stunnel list --watch");
            Await.until("the list is there", () -> screen.seen().contains("license_server:1900"));
            assertThat(screen.seen().lines().limit(6)).allMatch(line -> line.length() <= NARROW);
            for (int columns : List.of(NARROW, 30, 100)) {
                screen.resize(columns);
                Await.until(
                        "all of it is shown in " + columns,
                        () -> words(screen.seen()).contains(words(String.join("\n", plain.subList(2, 5)))));
                Await.until("it fits " + columns, () -> screen.seen().contains("1900 via cn1") || columns < 100);
            }
            screen.interrupt();
        }
    }

    @Test
    void ofTheDoctorAreLaidOutToo() {
        try (ReplacedFile rc = rc();
                Screen screen = Screen.open(alice, "narrow", NARROW)) {
            String seen = after(screen, "stunnel doctor cn9", "the first thing that is wrong");
            assertThat(seen.lines())
                    .allMatch(
                            line -> line.length() <= NARROW || line.matches(" {4}\\S+"),
                            "is no wider than the terminal");
            assertThat(seen)
                    .contains("\nwrong    name       Could not resolve hostname cn9\n                    next: ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "NO_COLOR=, true",
        "NO_COLOR=1, false",
        "NO_COLOR=0, false",
        "TERM=dumb, false",
    })
    void haveColoursWhereTheyAreWanted(String variable, boolean coloured) {
        String commands = Stream.of("validate --spec 8001x", "plan 8001x", "plan --nothing", "plan --help")
                .map(command -> "echo =; " + STUNNEL + " " + command)
                .collect(Collectors.joining("; "));
        try (RunningCommand terminal =
                alice.startOnTerminal("unset NO_COLOR; export TERM=xterm " + variable + "; " + commands)) {
            List<String> seen = List.of(terminal.outcome().stdout().split("=\r?\n"));
            assertThat(seen).hasSize(5);
            assertThat(seen.subList(1, 5)).allMatch(text -> text.contains("\u001b[") == coloured, "as it should");
        }
    }

    /** Where a stream is no terminal, the other one may be. */
    @Test
    void haveNoneInAFile() {
        String line = "%s plan --nothing 2>words; %s plan 8001x 2>>words; %s validate --spec 8001x >>words"
                .formatted(STUNNEL, STUNNEL, STUNNEL);
        try (RunningCommand terminal = alice.startOnTerminal("stty cols 40; " + line)) {
            terminal.outcome();
        }
        String words = alice.output("cat", "words");
        alice.output("rm", "words");
        assertThat(words)
                .doesNotContain("\u001b")
                .contains("\n  hint: a port is a number from 1 to 65535, in digits alone\n");
    }

    @Test
    void areAsWideAsColumnsSays() {
        assertThat(alice.type("COLUMNS=40 " + STUNNEL + " plan 8001x").stderr())
                .contains("  hint: a port is a number from 1 to\n    65535, in digits alone\n");
        assertThat(alice.type("COLUMNS=40 srun --tunnel 8001x true").stderr())
                .contains("  hint: a port is a number from 1 to\n    65535, in digits alone\n");
        for (String none : List.of("0", "-1", "wide", "99999999999")) {
            assertThat(alice.type("COLUMNS=" + none + " " + STUNNEL + " plan 8001x")
                            .stderr())
                    .contains("  hint: a port is a number from 1 to 65535, in digits alone\n");
        }
    }

    @Test
    void areOnlyWhatMattersIfThatIsWanted() {
        assertThat(alice.run(STUNNEL, "validate", "--quiet")).isEqualTo(new Outcome(0, "", ""));
        assertThat(alice.run(STUNNEL, "validate", "--quiet", "--spec", "8001x").stdout())
                .contains("[not-a-port]");
        assertThat(alice.run(STUNNEL, "doctor", "--quiet")).isEqualTo(new Outcome(0, "", ""));
        Outcome wrong = alice.run(STUNNEL, "doctor", "--quiet", "cn9");
        assertThat(wrong.stdout().lines().toList())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("wrong    name ");
        assertThat(wrong.stderr()).isEmpty();
        try (Job job = Job.submit(alice, "sbatch -w cn1 --wrap 'echo runs; exec sleep infinity'")
                .awaitOutput("runs")) {
            Outcome opened = alice.run(STUNNEL, "open", "--quiet", job.id(), "8001:8000");
            assertThat(opened.stderr()).isEmpty();
            assertThat(opened.stdout()).startsWith("opened " + job.id() + ".0");
            assertThat(alice.run(STUNNEL, "open", "--quiet", job.id(), "8001:8000")
                            .stderr())
                    .contains("ssh cannot listen on 127.0.0.1:8001");
        }
    }

    private ReplacedFile rc() {
        return ReplacedFile.with(testbed.host("login"), "/etc/bash.bashrc", Screen.RC);
    }

    /** What stands on the screen when a command has ended, and shown {@code words}. */
    private static String after(Screen screen, String command, String words) {
        screen.type(command);
        Await.until(words + " after " + command, () -> words(screen.seen()).contains(words(words)));
        return screen.seen();
    }

    private static String words(String text) {
        return text.replaceAll("\\s+", "");
    }
}
