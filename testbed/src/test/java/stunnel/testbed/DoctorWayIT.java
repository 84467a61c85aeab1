package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code stunnel doctor HOST} and {@code stunnel doctor JOBID}, where one thing on the way is wrong. */
@TestbedTest
class DoctorWayIT {
    private static final String DOCTOR = "/opt/slurm-stunnel/bin/stunnel doctor ";
    private static final String NO_KNOWN_HOSTS = "GlobalKnownHostsFile /dev/null\nUserKnownHostsFile /dev/null\n";
    private static final String NO_KEY = "IdentitiesOnly yes\nIdentityFile /dev/null\n";

    private final Testbed testbed = Testbed.shared();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");
    private final Account alice = testbed.alice();

    @Test
    void followsTheWholeWayAndLeavesNothing() {
        try (Job job = Job.submit(alice, "sbatch -w cn2 --wrap 'echo on; sleep infinity'")
                .awaitOutput("on")) {
            Outcome outcome = alice.type(DOCTOR + job.id());

            assertThat(outcome.exit()).as(outcome.toString()).isZero();
            assertThat(outcome.stdout()
                            .lines()
                            .skip(7)
                            .map(line -> line.substring(9, 20).strip()))
                    .startsWith("job", "control", "name", "port", "host key", "login", "forward L", "forward R")
                    .contains("way back", "latency");
            assertThat(outcome.stdout()).contains("its first node is cn2", "cn2 to login, without a question");
            assertThat(alice.run("ps", "-C", "ssh,stunnel-keeper").exit()).isNotZero();
            assertThat(alice.type("ls -d /tmp/stunnel-*").exit()).isNotZero();
        }
    }

    @Test
    void tellsTheWaitForAnAcknowledgementAndItsRemedy() {
        assertThat(alice.type(DOCTOR + "cn1").stdout()).contains("ok       latency");

        String route = node.output("ip", "route", "show", "10.77.0.0/24");
        try (ReplacedFile settings = ReplacedFile.settings(testbed, "ssh.tuning = stock\n")) {
            // On a host that is busy enough ssh comes too late to be kept waiting.
            Outcome slow = Await.first(
                    "a login that waits for an acknowledgement",
                    () -> alice.type(DOCTOR + "cn1"),
                    outcome -> outcome.stdout().contains("warning  latency"));
            assertThat(slow.stdout()).contains("quickack 1` on cn1, for the route to login");
            assertThat(slow.exit()).isZero();

            node.type("ip route change " + route + " quickack 1");
            assertThat(alice.type(DOCTOR + "cn1").stdout()).contains("ok       latency");
        } finally {
            node.type("ip route change " + route);
        }
    }

    @Test
    void namesAJobThatHasNoNodeForTheCaller() {
        assertThatItNames("job", "no job 4000000", DOCTOR + "4000000");
        try (Job held = Job.submit(alice, "sbatch --hold --wrap true")) {
            assertThatItNames("job", "does not run: PENDING", DOCTOR + held.id());
        }
        try (Job bobs = Job.submit(alice.as("bob"), "sbatch --wrap 'echo on; sleep infinity'")
                .awaitOutput("on")) {
            assertThatItNames("job", "belongs to uid", DOCTOR + bobs.id());
        }
    }

    @Test
    void namesAHostThatNobodyKnows() {
        assertThatItNames("name", "Could not resolve hostname cn9", DOCTOR + "cn9");
    }

    @Test
    void namesABlackHole() {
        login.output("ip", "neigh", "add", "10.77.0.99", "lladdr", "02:00:00:00:00:99", "dev", "eth0");
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", "ssh_args=-o|HostName=10.77.0.99");
                ReplacedFile settings = ReplacedFile.settings(testbed, "ssh.connect-timeout = 1s\n")) {
            assertThatItNames("port", "timed out", DOCTOR + "cn1");
        } finally {
            login.output("ip", "neigh", "del", "10.77.0.99", "dev", "eth0");
        }
    }

    @Test
    void namesAHostWithoutSshServer() {
        try (SshServer server = SshServer.none(node)) {
            assertThatItNames("port", "Connection refused", DOCTOR + "cn1");
        }
    }

    @Test
    void namesAHostKeyThatIsNotKnown() {
        try (ReplacedFile configuration = ReplacedFile.with(alice, ".ssh/config", NO_KNOWN_HOSTS)) {
            assertThatItNames("host key", "Host key verification failed", DOCTOR + "cn1");
        }
    }

    @Test
    void namesAKeyThatIsRefused() {
        try (ReplacedFile configuration = ReplacedFile.with(alice, ".ssh/config", NO_KEY)) {
            assertThatItNames("login", "Permission denied", DOCTOR + "cn1");
        }
    }

    /** PermitOpen is not told from what is never carried, since sshd has the same words for both. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    AllowTcpForwarding=remote | forward L | administratively prohibited   | or PermitOpen
                    PermitOpen=localhost:9    | forward L | administratively prohibited   | or PermitOpen
                    AllowTcpForwarding=local  | forward R | remote port forwarding failed | authorized_keys: `sshd -T
                    """)
    void namesAServerThatDoesNotForward(String setting, String check, String words, String remedy) {
        try (SshServer server = SshServer.with(node, setting)) {
            assertThat(assertThatItNames(check, words, DOCTOR + "cn1").stdout()).contains(remedy);
        }
    }

    @Test
    void warnsOfAServerThatListensOnSomePortsAlone() {
        try (SshServer server = SshServer.with(node, "PermitListen=9001")) {
            Outcome outcome = alice.type(DOCTOR + "cn1");
            assertThat(outcome.exit()).as(outcome.toString()).isZero();
            assertThat(outcome.stdout())
                    .contains(
                            "warning  forward R  sshd of cn1 listens on the ports alone that its PermitListen names\n");
        }
    }

    @Test
    void namesAWayBackThatIsClosed() {
        try (SshServer server = SshServer.none(login)) {
            assertThatItNames("way back", "cn1 to login: ", DOCTOR + "cn1");
        }
    }

    private Outcome assertThatItNames(String check, String words, String command) {
        Outcome outcome = alice.type(command);
        DoctorIT.assertThatItNames(check, words, outcome);
        assertThat(outcome.stderr()).isEqualTo("the first thing that is wrong: " + check + "\n");
        return outcome;
    }
}
