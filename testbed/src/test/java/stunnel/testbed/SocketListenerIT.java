package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Listening on unix sockets: with bytes through them, for their user alone, and gone with the tunnel from either host. */
@TestbedTest
class SocketListenerIT {
    private static final String SOCKET = "/tmp/alice.sock";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    /** The way to cn1 and back: its port 8002 leads to the socket here, and that to its port 8000. */
    @Test
    void onThisHost() {
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel web=L" + SOCKET + ":8000,R8002:" + SOCKET
                + " " + served("echo at $STUNNEL_WEB_LISTEN"))) {
            step.awaitStdout("serving");

            assertThat(step.stdout()).startsWith("at " + SOCKET + "\n");
            assertThat(step.stderr()).contains("tunnel up: login:" + SOCKET + " -> cn1:8000");
            assertThat(alice.on("cn1").fetch(8002)).isEqualTo("hello from cn1:8000");
            assertThat(alice.output("stat", "--format=%F %a", SOCKET)).isEqualTo("socket 600");

            loseSsh("login");
            Await.until("the tunnel is back", () -> alice.on("cn1").reaches(8002));
        }
    }

    @Test
    void onTheOtherHost() {
        try (RunningCommand step = alice.startTyped(
                        "srun -w cn2 --tunnel R" + SOCKET + ":cn1:8000,8001:" + SOCKET + " sleep 600");
                RunningCommand server = alice.on("cn1").serve(8000)) {
            Await.until("the tunnel is up", () -> alice.reaches(8001));
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.on("cn2").output("stat", "--format=%F %a", SOCKET)).isEqualTo("socket 600");

            loseSsh("login");
            Await.until("the tunnel is back", () -> alice.reaches(8001));
        }
    }

    @Test
    void ofABatchJobThatIsCancelled() {
        try (Job job = Job.submit(
                alice,
                "sbatch -w cn1 --tunnel L" + SOCKET + ":22,R" + SOCKET + ":8000 --wrap 'echo runs; exec sleep 600'")) {
            job.awaitOutput("runs");
            assertThat(alice.output("stat", "--format=%F %a", SOCKET)).isEqualTo("socket 600");
            assertThat(alice.on("cn1").output("stat", "--format=%F %a", SOCKET)).isEqualTo("socket 600");
        }
    }

    /** While a tunnel is lost its socket is gone here, and whoever listens there then is not driven out. */
    @Test
    void isLeftToTheTunnelThatTookItMeanwhile() {
        Account node = testbed.host("cn1");
        String tunnel = " --tunnel L" + SOCKET + ":8000,R8002:" + SOCKET + " " + served("echo up");
        try (RunningCommand lost = alice.startTyped("srun -w cn1" + tunnel)) {
            lost.awaitStdout("serving");
            RunningCommand other;
            try (SshServer none = SshServer.none(node)) {
                node.output("bash", "-c", "pkill --signal=KILL --full '^sshd: alice'");
                lost.awaitStderr("tunnel down");
                Await.until(
                        "the socket is gone",
                        () -> alice.run("test", "-e", SOCKET).exit() != 0);
                other = alice.startTyped("srun -w cn2" + tunnel);
                other.awaitStdout("serving");
            }
            try (other) {
                Await.until(
                        "the keeper has tried",
                        () -> alice.output("/opt/slurm-stunnel/bin/stunnel", "list")
                                .contains("in use"));
                assertThat(alice.on("cn2").fetch(8002)).isEqualTo("hello from cn2:8000");
            }
            lost.awaitStderr("tunnel up again");

            assertThat(alice.on("cn1").fetch(8002)).isEqualTo("hello from cn1:8000");
        }
    }

    @Test
    void isRefusedWhereSomethingIsInTheWay() {
        Account node = alice.on("cn1");
        alice.write(SOCKET, "precious");
        node.write(SOCKET, "precious");

        assertThat(alice.type("srun -w cn1 --tunnel 8001:8000,L" + SOCKET + ":8000 hostname")
                        .stderr())
                .contains("there is a /tmp/alice.sock on login already\n  next: remove it there if no program uses it");
        assertThat(alice.type("srun -w cn1 --tunnel 8001:8000,R" + SOCKET + ":8000 hostname")
                        .stderr())
                .contains("there is a /tmp/alice.sock on cn1 already");

        assertThat(alice.output("cat", SOCKET)).isEqualTo("precious");
        assertThat(node.output("cat", SOCKET)).isEqualTo("precious");
        alice.output("rm", SOCKET);
        node.output("rm", SOCKET);
    }

    @Test
    void isRefusedWhereNobodyCanMakeIt() {
        assertThat(alice.type("srun -w cn1 --tunnel R" + SOCKET + ":8000,L/nowhere/a.sock:8000 hostname")
                        .stderr())
                .contains("forward L/nowhere/a.sock:8000 ", "the folder of /nowhere/a.sock must be there on login");
    }

    private static String served(String first) {
        return "bash -c '" + first + "; exec /opt/testbed/serve 8000'";
    }

    private void loseSsh(String host) {
        testbed.host(host).output("pkill", "--signal=KILL", "--exact", "ssh");
    }
}
