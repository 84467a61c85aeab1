package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Hosts that let ssh wait, ask it something, or refuse it: each ends in time, with its cause and the next step. */
@TestbedTest
class RefusedSessionIT {
    private static final String STEP = "srun -w cn1 --tunnel 8001:8000 echo started";

    private static final String DENIAL = "Access denied by pam_slurm_adopt: you have no active jobs on this node";

    /** Nothing but what {@code /tmp/adopt} says decides; its words reach the client. */
    private static final String PAM = """
            auth required pam_permit.so
            account required pam_exec.so quiet stdout /tmp/adopt
            session required pam_permit.so
            """;

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");

    @Test
    void hostIsABlackHole() {
        // An address that nobody has, with an answer to who has it: what is sent there is lost.
        login.output("ip", "neigh", "add", "10.77.0.99", "lladdr", "02:00:00:00:00:99", "dev", "eth0");
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", "ssh_args=-o|HostName=10.77.0.99");
                ReplacedFile settings = ReplacedFile.settings(testbed, "ssh.connect-timeout = 2s\n")) {
            assertThat(failure(alice.type(STEP)))
                    .contains("ssh: connect to host 10.77.0.99 port 22: Connection timed out")
                    .contains("next: cn1 is down, overloaded or behind a firewall");
        } finally {
            login.output("ip", "neigh", "del", "10.77.0.99", "dev", "eth0");
        }
    }

    @Test
    void hostKeyHasChanged() {
        String key = alice.output("cut", "-d ", "-f1,2", ".ssh/id_ed25519.pub");
        String others = "GlobalKnownHostsFile /dev/null\nUserKnownHostsFile ~/known_hosts\n";
        try (ReplacedFile known = ReplacedFile.with(alice, "known_hosts", "cn1 " + key + "\n");
                ReplacedFile configuration = ReplacedFile.with(alice, ".ssh/config", others)) {
            assertThat(failure(alice.type(STEP)))
                    .contains("Host key verification failed")
                    .contains("next: ask the administrator whether the key of cn1 is a new one");
        }
    }

    @Test
    void serverAsksForAPassword() {
        String password = "ssh_args=-o|PubkeyAuthentication=no|-o|PreferredAuthentications=password";
        try (SshServer server = SshServer.with(node, "PasswordAuthentication=yes");
                ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", password);
                RunningCommand step = alice.startOnTerminal(STEP)) {
            assertThat(step.outcome().stdout())
                    .contains("Permission denied", "next: `ssh cn1` on login must work without a password")
                    .doesNotContain("alice@cn1's password", "started");
        }
    }

    @Test
    void sshWaitsForAnAnswer() {
        String prompt = "echo 'Verification code:' >&2; sleep 600";
        try (Program ssh = Program.on(login, "/tmp/asks", prompt);
                ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", "ssh_cmd=/tmp/asks");
                ReplacedFile settings = ReplacedFile.settings(testbed, "ssh.start-timeout = 1s\n")) {
            assertThat(failure(alice.type(STEP))).contains("took too long and was ended", "ssh: Verification code:");
        }
    }

    @Test
    void agentDoesNotAnswer() {
        String socket = "/tmp/silent-agent";
        String listen = "use Socket; socket S, PF_UNIX, SOCK_STREAM, 0; bind S, pack_sockaddr_un('" + socket
                + "'); listen S, 9; $| = 1; print \"silent\\n\"; sleep 600";
        try (RunningCommand agent = alice.start("perl", "-e", listen).awaitStdout("silent");
                ReplacedFile settings = ReplacedFile.settings(testbed, "ssh.start-timeout = 2s\n")) {
            assertThat(failure(alice.type("SSH_AUTH_SOCK=" + socket + " " + STEP)))
                    .contains("took too long and was ended", "for an ssh-agent that does not answer (`ssh-add -l`)");
            agent.terminate();
        } finally {
            alice.output("rm", "-f", socket);
        }
    }

    @Test
    void serverTurnsEverybodyAway() {
        String held =
                "until exec 5<>/dev/tcp/cn1/22 && read -r line <&5 && [[ $line == SSH* ]]; do :; done; echo held; read";
        try (SshServer server = SshServer.with(node, "MaxStartups=1:100:1");
                RunningCommand holder =
                        alice.startInteractive("bash", "-c", held).awaitStdout("held");
                ReplacedFile settings = ReplacedFile.settings(testbed, "ssh.start-timeout = 3s\n")) {
            assertThat(failure(alice.type(STEP)))
                    .contains("kex_exchange_identification: ", "(attempt ")
                    .contains("next: sshd on cn1 turns away who comes while it is busy (MaxStartups)");
        }
    }

    @Test
    void nodeKnowsOfTheJobAMomentLater() {
        String twice =
                "n=$(cat /tmp/asked); echo x$n >/tmp/asked; [ ${#n} -ge 2 ] || { echo '" + DENIAL + "'; exit 1; }";
        try (SshServer server = SshServer.with(node, "UsePAM=yes");
                ReplacedFile pam = ReplacedFile.with(login, "/etc/pam.d/sshd", PAM);
                Program adopt = Program.on(node, "/tmp/adopt", twice)) {
            node.write("/tmp/asked", "");

            assertThat(alice.type(STEP).stdout()).isEqualTo("started\n");

            assertThat(node.output("cat", "/tmp/asked")).isEqualTo("xxx");
        } finally {
            node.output("rm", "/tmp/asked");
        }
    }

    @Test
    void nodeNeverKnowsOfTheJob() {
        try (SshServer server = SshServer.with(node, "UsePAM=yes");
                ReplacedFile pam = ReplacedFile.with(login, "/etc/pam.d/sshd", PAM);
                Program adopt = Program.on(node, "/tmp/adopt", "echo '" + DENIAL + "'; exit 1")) {
            assertThat(failure(alice.type(STEP)))
                    .contains("ssh: " + DENIAL, "(attempt ")
                    .contains("next: cn1 does not know of the job", "PrologFlags=Contain");
        }
    }

    @Test
    void stepStartsAllTheSameIfTheSiteOnlyWantsAWarning() {
        try (SshServer server = SshServer.none(node);
                ReplacedFile settings = ReplacedFile.settings(testbed, "start = warn\n")) {
            Outcome outcome = alice.type(STEP);

            assertThat(outcome.exit()).isZero();
            assertThat(outcome.stdout()).isEqualTo("started\n");
            assertThat(outcome.stderr()).contains("Connection refused", "warning: the job runs without its tunnel");
        }
    }

    /** What its user reads of a step that did not start. */
    private static String failure(Outcome outcome) {
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        return outcome.stderr();
    }
}
