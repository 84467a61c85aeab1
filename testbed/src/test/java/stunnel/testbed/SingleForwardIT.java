package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Forwards that a tunnel gets, and loses, while it stands. */
@TestbedTest
class SingleForwardIT {
    private static final String STUNNEL = "/opt/slurm-stunnel/bin/stunnel";
    private static final String SOCKET = "/home/alice/added.sock";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account node = alice.on("cn1");

    @Test
    void comeAndGoWithoutTheOthers() {
        try (RunningCommand step =
                alice.startTyped("srun -w cn1 --tunnel web=8001:8000,8002:8000,R9001:22 /opt/testbed/serve 8000")) {
            String id = id(step.awaitStdout("serving"));

            assertThat(alice.run(STUNNEL, "close", id, "WEB"))
                    .isEqualTo(new Outcome(0, "closed " + id + ": login:8001 -> cn1:8000\n", ""));
            assertThat(alice.listensOn(8001)).isFalse();
            assertThat(alice.output(STUNNEL, "close", id, "9001")).endsWith("cn1:9001 -> login:22");
            Await.until("sshd does not listen", () -> !node.listensOn(9001));
            assertThat(alice.run(STUNNEL, "open", id, "more=8003:8000," + SOCKET + ":8000"))
                    .isEqualTo(new Outcome(
                            0, "opened " + id + ": login:8003 -> cn1:8000, login:" + SOCKET + " -> cn1:8000\n", ""));
            assertThat(alice.fetch(8003)).isEqualTo("hello from cn1:8000");
            assertThat(alice.fetch(8002)).isEqualTo("hello from cn1:8000");

            lose();
            assertThat(alice.fetch(8003)).isEqualTo("hello from cn1:8000");
            assertThat(alice.fetch(8002)).isEqualTo("hello from cn1:8000");
            assertThat(alice.listensOn(8001)).isFalse();
            assertThat(node.listensOn(9001)).isFalse();

            alice.output(STUNNEL, "close", id, SOCKET);
            assertThat(alice.run("test", "-e", SOCKET).exit()).isEqualTo(1);
            alice.output(STUNNEL, "close", id, "8002");
            assertThat(alice.output(STUNNEL, "close", id, "more"))
                    .isEqualTo("closed " + id + ": login:8003 -> cn1:8000");
            assertThat(alice.output(STUNNEL, "list")).isEqualTo("no tunnel is held on this host");
            assertThat(step.isRunning()).isTrue();
        }
    }

    @Test
    void haveFreePortsToo() {
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel R9001:22 sleep infinity")) {
            String id = id(step.awaitStderr("tunnel up"));
            try (RunningCommand server = alice.serve(8000)) {
                alice.output(STUNNEL, "open", id, "back=Rauto:8000");
                int port = portOf("back");
                assertThat(node.fetch(port)).isEqualTo("hello from login:8000");
                assertThat(alice.run(STUNNEL, "open", id, "Rauto:8000").stderr())
                        .startsWith("stunnel: forward not opened: the tunnel has it already: cn1:" + port);

                assertThat(alice.output(STUNNEL, "close", id, "back")).endsWith("cn1:" + port + " -> login:8000");
                Await.until("sshd does not listen", () -> !node.listensOn(port));
            }
        }
    }

    /** Whose words alone tell whether a forward was taken away. */
    @Test
    void comeAndGoWithAnSshThatIsToldToBeQuiet() {
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", "ssh_cmd=ssh|-q");
                RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000,8002:8000 sleep infinity")) {
            String id = id(step.awaitStderr("tunnel up"));
            alice.output(STUNNEL, "open", id, "back=Rauto:8000");
            int port = portOf("back");
            alice.output(STUNNEL, "close", id, "back");
            Await.until("sshd does not listen", () -> !node.listensOn(port));

            alice.type("ssh -F none -S /tmp/stunnel-$(id -u)-*/ctl -O cancel -L 127.0.0.1:8001:localhost:8000 x");
            Outcome closed = alice.run(STUNNEL, "close", id, "8001");
            assertThat(closed.exit()).isEqualTo(1);
            assertThat(closed.stderr())
                    .startsWith("stunnel: forward not closed: ssh does not close login:8001 -> cn1:8000\n  ssh: ")
                    .contains("request failed")
                    .doesNotContain("debug1", "OpenSSH");
        }
    }

    @Test
    void stayAsTheyWereIfOneCannotBeAdded() {
        try (RunningCommand other = alice.serve(8002);
                RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000")) {
            String id = id(step.awaitStdout("serving"));
            String before = alice.output(STUNNEL, "list", "--json");

            Outcome taken = alice.run(STUNNEL, "open", id, "8003:8000,8002:8000");
            assertThat(taken.exit()).isEqualTo(1);
            assertThat(taken.stderr())
                    .startsWith("stunnel: forward not opened: forward L8002:8000 (login:8002 -> cn1:8000): ssh cannot")
                    .contains("Address already in use", "next: ");
            assertThat(alice.run(STUNNEL, "open", id, "8001:22").stderr()).contains("[duplicate-listener]");
            assertThat(alice.run(STUNNEL, "close", id, "nobody").stderr())
                    .isEqualTo("stunnel: no tunnel of " + id
                            + " has a forward nobody; `stunnel list` shows their names and ports\n");
            assertThat(alice.listensOn(8003)).isFalse();
            assertThat(alice.output(STUNNEL, "list", "--json")).isEqualTo(before);

            lose();
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.listensOn(8003)).isFalse();
        }
    }

    /** Kills the ssh, and waits until the tunnel is back. */
    private void lose() {
        int lost = lost();
        alice.output("pkill", "--signal=KILL", "--exact", "ssh");
        Await.until(
                "the tunnel is back",
                () -> lost() > lost && alice.output(STUNNEL, "list", "--json").contains("\"state\":\"up\""));
    }

    private int lost() {
        return Integer.parseInt(number("reconnects"));
    }

    private int portOf(String name) {
        String list = alice.output(STUNNEL, "list", "--json");
        return Integer.parseInt(list.replaceAll("(?s).*\"name\":\"" + name + "\"[^}]*\"listen\":(\\d+).*", "$1"));
    }

    /** Of the tunnel of a step that runs. */
    private String id(RunningCommand step) {
        assertThat(step.isRunning()).isTrue();
        Await.until(
                "it is listed", () -> alice.output(STUNNEL, "list", "--json").contains("\"state\":\"up\""));
        return number("job") + ".0";
    }

    private String number(String key) {
        String list = alice.output(STUNNEL, "list", "--json");
        return list.replaceAll("(?s).*\"" + key + "\":\"?(\\d+).*", "$1");
    }
}
