package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An sshd that is not what it should be. */
@TestbedTest
class HostileServerIT {
    /** Never gets to its banner, but always has another line to say. */
    private static final String TARPIT = """
            use Socket;
            $| = 1;
            socket my $server, PF_INET, SOCK_STREAM, 0 or die;
            bind $server, pack_sockaddr_in(2222, INADDR_ANY) or die;
            listen $server, 9 or die;
            $SIG{PIPE} = $SIG{CHLD} = "IGNORE";
            print "listening\\n";
            while (accept my $client, $server) {
                next if fork;
                select undef, undef, undef, 0.2 while syswrite $client, "wait\\e[31m\\r\\n";
                exit;
            }
            """;

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    @DisplayName("row 19: another host key than the known one is refused")
    void changedHostKey() {
        String key = alice.type("sed -n 's/^login,[^ ]*/cn1/p' /etc/ssh/ssh_known_hosts")
                .stdout();
        try (ReplacedFile hosts = ReplacedFile.with(alice, ".ssh/known_hosts", key);
                ReplacedFile configuration =
                        ReplacedFile.with(alice, ".ssh/config", "GlobalKnownHostsFile /dev/null\n")) {
            Outcome outcome = alice.type("srun -w cn1 --tunnel R8001:8000 echo started");

            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr())
                    .contains("Host key for cn1 has changed", "ask the administrator whether the key of cn1");
        }
    }

    @Test
    @DisplayName("row 20: a tarpit holds nobody for longer than the settings allow")
    void tarpit() {
        Account node = testbed.host("cn1");
        try (RunningCommand tarpit = node.start("perl", "-e", TARPIT).awaitStdout("listening");
                ReplacedFile configuration = ReplacedFile.with(alice, ".ssh/config", "Port 2222\n");
                ReplacedFile settings =
                        ReplacedFile.settings(testbed, "ssh.connect-timeout = 60s\nssh.start-timeout = 2s\n")) {
            long start = System.nanoTime();
            Outcome outcome = alice.type("srun -w cn1 --tunnel 8001:8000 echo started");

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("as by default")
                    .isLessThan(Duration.ofSeconds(20));
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr()).contains("cn1", "took too long").doesNotContain("\u001b");
        }
    }
}
