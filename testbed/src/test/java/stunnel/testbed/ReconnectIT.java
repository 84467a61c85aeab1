package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The connection is lost while the job runs: its user is told, once when it goes and once when it is back. */
@TestbedTest
class ReconnectIT {
    private static final String STUNNEL = "/opt/slurm-stunnel/bin/stunnel";
    private static final String SERVE = "/opt/testbed/serve 8000";

    /** A silent connection is given up after two seconds, and not after 45. */
    private static final String IMPATIENT = "ssh.server-alive-interval = 1s\nssh.server-alive-count-max = 2\n";

    private static final String ROUTES = "login:8001 -> cn1:8000, cn1:9001 -> login:1900";
    private static final String DOWN = "srun: error: tunnel down: " + ROUTES + " (ssh: ";
    private static final String UP_AGAIN = "srun: tunnel up again: " + ROUTES + " (after ";

    /** Ends what is left of alice's sessions there, which outlive the sshd that they come from. */
    private static final String END_SESSIONS = "pkill --signal=KILL --full '^sshd: alice'";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");

    @Test
    void tunnelOutlivesARestartOfSshd() {
        try (RunningCommand step = step()) {
            SshServer.none(node).close();

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThatUserWasTold(step, 0);
        }
    }

    @Test
    void tunnelIsBackWhenSshdIs() {
        try (RunningCommand step = step()) {
            try (SshServer none = SshServer.none(node)) {
                node.output("bash", "-c", END_SESSIONS);
                step.awaitStderr(DOWN);
                Await.until("the listener is gone", () -> !alice.listensOn(8001));
            }
            step.awaitStderr(UP_AGAIN);

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThatUserWasTold(step, 1);
        }
    }

    /** Of them ssh itself knows nothing. The second time it was the keeper that had started both. */
    @Test
    void wordsOfTheWayThereAreTold() {
        String way = "ProxyCommand sh -c 'ssh -W %h:%p cn2; echo the way ends at cn2 >&2'";
        Account jump = testbed.host("cn2");
        try (ReplacedFile configuration = ReplacedFile.with(alice, ".ssh/config", "Host cn1\n  " + way + "\n");
                RunningCommand step = step()) {
            for (int losses = 1; losses <= 2; losses++) {
                int times = losses;
                jump.output("pkill", "--signal=TERM", "--full", "^sshd: alice$");
                Await.until("it is back " + times + " times", () -> count(step.stderr(), UP_AGAIN) == times);
            }
            assertThat(step.stderr().lines().filter(line -> line.startsWith(DOWN)))
                    .allMatch(line -> line.endsWith("the way ends at cn2); connecting again"));
            assertThatUserWasTold(step, 2);
        }
    }

    @Test
    void tunnelIsBackWhenTheNetworkIs() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, IMPATIENT);
                RunningCommand server = alice.as("bob").serve(1900);
                RunningCommand step = step()) {
            try (Cut cut = Cut.of(testbed, "cn1")) {
                step.awaitStderr(DOWN + "Timeout, server cn1 not responding.); connecting again\n");
            }
            step.awaitStderr(UP_AGAIN);

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.on("cn1").fetch(9001)).isEqualTo("hello from login:1900");
            assertThatUserWasTold(step, 1);
        }
    }

    /** After a cut of minutes: nothing tells sshd that the old connection is gone, and it keeps the listener of R. */
    @Test
    void tunnelIsBackThoughTheOldConnectionHeldItsPort() {
        login.output("sysctl", "--quiet", "net.ipv4.tcp_orphan_retries=1");
        try (ReplacedFile settings = ReplacedFile.settings(testbed, IMPATIENT);
                RunningCommand server = alice.as("bob").serve(1900);
                RunningCommand step = step()) {
            try (Cut cut = Cut.of(testbed, "cn1")) {
                step.awaitStderr(DOWN);
                Await.until("the kernel has given up the old connection", () -> !isConnected());
            }
            step.awaitStderr(UP_AGAIN);

            // By the ssh that was refused it first: the log is a new one with each attempt.
            assertThat(login.output("bash", "-c", "cat /tmp/stunnel-*/log"))
                    .contains("remote port forwarding failed for listen port 9001");
            assertThat(alice.on("cn1").fetch(9001)).isEqualTo("hello from login:1900");
            assertThatUserWasTold(step, 1);
        } finally {
            login.output("sysctl", "--quiet", "net.ipv4.tcp_orphan_retries=0");
        }
    }

    /** sshd keeps listening on the one there, whose name goes to the next one. */
    @Test
    void socketsAreBackWhenTheNetworkIs() {
        String spec = "L%1$s:8000,R8002:%1$s,R%1$s:1900,8001:%1$s".formatted("/tmp/alice.sock");
        try (ReplacedFile settings = ReplacedFile.settings(testbed, IMPATIENT);
                RunningCommand server = alice.as("bob").serve(1900);
                RunningCommand step = alice.startTyped("srun -w cn1 --tunnel " + spec + " " + SERVE)) {
            step.awaitStdout("serving");
            assertThatSocketsLeadToBothHosts();

            try (Cut cut = Cut.of(testbed, "cn1")) {
                step.awaitStderr("tunnel down: ");
            }
            step.awaitStderr("tunnel up again: ");

            assertThatSocketsLeadToBothHosts();
        }
    }

    /** As of a job that was requeued while its node could not be reached. */
    @Test
    void nextTunnelIsOpenedThoughTheOldConnectionHeldItsPort() {
        login.output("sysctl", "--quiet", "net.ipv4.tcp_orphan_retries=1");
        try (RunningCommand server = alice.as("bob").serve(1900);
                RunningCommand step = step()) {
            try (Cut cut = Cut.of(testbed, "cn1")) {
                login.output("pkill", "--signal=KILL", "--oldest", "--exact", "srun");
                testbed.awaitEndOfTunnel("login", 8001);
                Await.until("the kernel has given up the old connection", () -> !isConnected());
            }
            assertThat(alice.on("cn1").listensOn(9001)).isTrue();

            Outcome next = alice.type("srun -w cn1 --tunnel R9001:1900 /opt/testbed/fetch 9001");

            assertThat(next.stdout()).as("%s", next).isEqualTo("hello from login:1900\n");
        } finally {
            login.output("sysctl", "--quiet", "net.ipv4.tcp_orphan_retries=0");
        }
    }

    @Test
    void tunnelOfABatchJobIsBackWhenTheNetworkIs() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, IMPATIENT);
                Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 --wrap 'exec " + SERVE + "'")) {
            job.awaitOutput("serving");
            try (Cut cut = Cut.of(testbed, "cn1")) {
                job.awaitOutput("tunnel down: login:8001 -> cn1:8000 (ssh: Timeout, server login not responding.)");
            }
            job.awaitOutput("tunnel up again: login:8001 -> cn1:8000 (after ");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        }
    }

    @Test
    void everyPortComesBackAsItWas() {
        String spec = "20001-20100:20001-20100,socks=D20200,any=auto:8000";
        String serve = "bash -c 'echo port=$STUNNEL_ANY_LISTEN; exec " + SERVE + "'";
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel " + spec + " " + serve)) {
            step.awaitStdout("serving");
            String before = listeners();
            assertThat(before.lines()).hasSize(102);

            login.output("pkill", "--signal=KILL", "--exact", "ssh");

            step.awaitStderr("tunnel up again");
            assertThat(listeners()).isEqualTo(before);
        }
    }

    /** While a tunnel is lost its port is free; whoever takes it then is not driven out. */
    @Test
    void tunnelIsBackWhenItsPortIs() {
        String reason = "port 8001 of login is in use, it seems by another program";
        try (RunningCommand step = step()) {
            RunningCommand holder;
            try (SshServer none = SshServer.none(node)) {
                node.output("bash", "-c", END_SESSIONS);
                Await.until("the listener is gone", () -> !alice.listensOn(8001));
                holder = alice.as("bob").serve(8001);
            }
            try (holder) {
                Await.until(
                        "the keeper has tried",
                        () -> alice.output(STUNNEL, "list").contains("not back yet: " + reason));
                assertThat(alice.output(STUNNEL, "list", "--json")).contains("\"reason\":\"" + reason + "\"");
                assertThat(step.stderr()).doesNotContain(UP_AGAIN);
                assertThat(alice.fetch(8001)).isEqualTo("hello from login:8001");
            }
            step.awaitStderr(UP_AGAIN);

            assertThat(alice.output(STUNNEL, "list")).doesNotContain("not back");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThatUserWasTold(step, 1);
        }
    }

    private RunningCommand step() {
        RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000,R9001:1900 " + SERVE);
        step.awaitStdout("serving");
        assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        return step;
    }

    private void assertThatSocketsLeadToBothHosts() {
        assertThat(alice.on("cn1").fetch(8002)).isEqualTo("hello from cn1:8000");
        assertThat(alice.fetch(8001)).isEqualTo("hello from login:1900");
    }

    /** Whether the submit host still tries to tell the node's sshd anything about a connection that was there. */
    private boolean isConnected() {
        String states = "state established state fin-wait-1 state closing state last-ack";
        return !login.output("bash", "-c", "ss -Htn " + states + " dst 10.77.0.11:22")
                .isEmpty();
    }

    /** The ports that ssh listens on, on the submit host. */
    private String listeners() {
        return login.output("bash", "-c", "ss -ltnpH | grep '\"ssh\"' | awk '{ print $4 }' | sort");
    }

    private static void assertThatUserWasTold(RunningCommand step, int times) {
        step.terminate();
        String told = step.outcome().stderr();
        assertThat(count(told, DOWN)).isEqualTo(times);
        assertThat(count(told, UP_AGAIN)).isEqualTo(times);
    }

    private static long count(String told, String beginning) {
        return told.lines().filter(line -> line.startsWith(beginning)).count();
    }
}
