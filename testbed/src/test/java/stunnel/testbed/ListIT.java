package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code stunnel list}: what users and root see of the tunnels of a host. */
@TestbedTest
class ListIT {
    private static final String STUNNEL = "/opt/slurm-stunnel/bin/stunnel";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account root = testbed.host("login");

    @Test
    void showsWhatReachesWhat() {
        try (RunningCommand step =
                alice.startTyped("srun -w cn1 --tunnel web=8001:8000,D1080,R8001-8002:22-23 /opt/testbed/serve 8000")) {
            step.awaitStdout("serving");

            Outcome list = alice.run(STUNNEL, "list");
            assertThat(list.exit()).isZero();
            assertThat(list.stdout().lines().map(line -> line.replaceAll(" +", " ")))
                    .anyMatch(line -> line.matches("\\d+\\.0 up \\d+s 0 web=login:8001 -> cn1:8000"))
                    .contains(
                            " login:1080 -> anywhere via cn1 (SOCKS)", " cn1:8001 -> login:22", " cn1:8002 -> login:23")
                    .hasSize(5);
            assertThat(alice.output(STUNNEL, "list", "--json"))
                    .contains(
                            "\"state\":\"up\"",
                            "\"step\":\"0\"",
                            "\"reconnects\":0",
                            "\"from\":\"login\",\"to\":\"cn1\"",
                            "{\"name\":\"web\",\"direction\":\"L\",\"bind\":\"127.0.0.1\",\"listen\":8001,\"host\":\"localhost\",\"port\":8000}");
            assertThat(alice.as("bob").output(STUNNEL, "list")).isEqualTo("no tunnel is held on this host");
            assertThat(alice.on("cn1").output(STUNNEL, "list")).isEqualTo("no tunnel is held on this host");
            assertThat(root.output(STUNNEL, "list"))
                    .as("of root's own, though root may look at all")
                    .isEqualTo("no tunnel is held on this host");
            assertThat(root.output(STUNNEL, "list", "--all")).contains("alice", "web=login:8001 -> cn1:8000");
        }
    }

    @Test
    void followsALossAndTheReturn() {
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel auto:8000 /opt/testbed/serve 8000")) {
            step.awaitStdout("serving");
            Account node = testbed.host("cn1");
            try (SshServer server = SshServer.none(node)) {
                root.output("pkill", "--signal=KILL", "--exact", "ssh");
                Await.until("the loss is listed", () -> list().contains("\"state\":\"reconnecting\""));
            }
            Await.until("the return is listed", () -> list().contains("\"state\":\"up\""));
            assertThat(list()).contains("\"reconnects\":1");
        }
    }

    @Test
    void saysThatADirectoryWasLeftBehind() {
        String directory = "/tmp/stunnel-" + alice.output("id", "--user") + "-abcdefghij";
        alice.output("mkdir", "--mode=700", directory);
        alice.output("touch", "--date=yesterday", directory);

        assertThat(alice.output(STUNNEL, "list")).contains("stale", "its keeper is gone: `rm -r " + directory + "`");
        assertThat(alice.output(STUNNEL, "list", "--json")).contains("\"state\":\"stale\"", "\"job\":null");

        alice.output("rm", "-r", directory);
    }

    /** As all that is about tunnels of this host does: from the file that the plugin's line names. */
    @Test
    void readsTheSettingsThatThePluginReads() {
        root.output("install", "--directory", "--mode=1777", "/tmp/others");
        try (ReplacedFile conf = ReplacedFile.with(root, "/etc/slurm/other.conf", "control.dir = \"/tmp/others\"\n");
                ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", "conf=/etc/slurm/other.conf");
                ReplacedFile none = ReplacedFile.with(alice, "none.conf", "");
                RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000,8002:8000 sleep infinity")) {
            step.awaitStderr("tunnel up: ");
            String id = alice.output("squeue", "--me", "--noheader", "--format=%A") + ".0";
            assertThat(alice.output(STUNNEL, "list")).contains("login:8001 -> cn1:8000");
            assertThat(alice.output(STUNNEL, "open", id, "8003:8000")).startsWith("opened " + id);
            assertThat(alice.output(STUNNEL, "close", id, "8003")).startsWith("closed " + id);
            assertThat(alice.output(STUNNEL, "list", "--conf", "none.conf"))
                    .isEqualTo("no tunnel is held on this host");
        }
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", "conf=/etc/slurm/gone.conf")) {
            Outcome list = alice.run(STUNNEL, "list");
            assertThat(list.exit()).isEqualTo(2);
            assertThat(list.stderr()).startsWith("the settings have an error; `stunnel validate` shows it\n");
        } finally {
            root.output("rmdir", "/tmp/others");
        }
    }

    @Test
    void isOfOneJobOrOfOneStep() {
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000")) {
            step.awaitStdout("serving");
            String job = alice.output("squeue", "--noheader", "--me", "--format=%i");

            assertThat(alice.output(STUNNEL, "list", job)).contains("login:8001 -> cn1:8000");
            assertThat(alice.output(STUNNEL, "list", job + ".0")).contains("login:8001 -> cn1:8000");
            assertThat(alice.output(STUNNEL, "list", job + ".1"))
                    .isEqualTo("no tunnel of " + job + ".1 is held on this host");
        }
    }

    @Test
    void takesNothingElseForAJob() {
        Outcome mistyped = alice.run(STUNNEL, "list", "--jsn");
        assertThat(mistyped.stderr()).startsWith("Unknown option: '--jsn'");
        assertThat(mistyped.exit()).isEqualTo(2);

        Outcome named = alice.run(STUNNEL, "list", "jupyter");
        assertThat(named.stderr()).startsWith("jupyter is not JOBID or JOBID.STEP");
        assertThat(named.exit()).isEqualTo(2);
    }

    @Test
    void isForRootAloneIfItIsAboutAll() {
        Outcome list = alice.run(STUNNEL, "list", "--all");
        assertThat(list.exit()).isEqualTo(2);
        assertThat(list.stderr()).startsWith("--all needs root");
    }

    @Test
    void isShownAgainAndAgainOnATerminal() {
        try (RunningCommand watch = alice.startOnTerminal(STUNNEL + " list --watch")) {
            watch.awaitStdout("no tunnel is held on this host");
            try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000")) {
                watch.awaitStdout("login:8001 -> cn1:8000");
            }
        }
    }

    private String list() {
        return alice.output(STUNNEL, "list", "--json");
    }
}
