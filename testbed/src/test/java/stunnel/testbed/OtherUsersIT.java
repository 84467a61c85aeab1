package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What another user of the submit host can do about alice's tunnels. */
@TestbedTest
class OtherUsersIT {
    private static final String STEP = "srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000";

    /** All that looks like a name of ours, of every kind, for each number that the next jobs can have. */
    private static final String SQUAT = """
            cd /tmp
            for n in {1..200}; do
                : >stunnel-$1-job$n.lock0
                mkdir stunnel-$1-job$n.lock1
                ln -s /home/alice/.bashrc stunnel-$1-job$n.lock2
                mkfifo $1-$n-control.tunnel
            done
            mkdir stunnel-$1 stunnel-$1-
            mkfifo stunnel-$1-aaaaaaaaaa
            ln -s /home/alice stunnel-$1-ctl
            """;

    /** Tries everything on each control directory as soon as it is there, and tells what worked. */
    private static final String RACE = """
            use Socket;
            my $uid = shift;
            print "racing\\n";
            $| = 1;
            for (my $end = time + 60; time < $end;) {
                for my $directory (glob "/tmp/stunnel-$uid-*") {
                    print "renamed\\n" if rename $directory, "$directory.bob";
                    print "removed\\n" if rmdir $directory;
                    print "linked\\n" if symlink "/home/alice/.bashrc", "$directory/log";
                    print "made\\n" if open my $file, ">", "$directory/new";
                    print "read\\n" if open my $log, "<", "$directory/log";
                    print "listed\\n" if opendir my $list, $directory;
                    print "changed\\n" if chmod 0777, $directory;
                    socket my $socket, PF_UNIX, SOCK_STREAM, 0;
                    print "connected\\n" if connect $socket, pack_sockaddr_un("$directory/ctl");
                }
            }
            """;

    /** Takes the name of each lock as soon as its holder has removed it. */
    private static final String TAKE_LOCKS = """
            use Fcntl;
            $| = 1;
            print "watching\\n";
            for (my $end = time + 60; time < $end;) {
                $seen{$_} = 1 for glob "/tmp/stunnel-*.lock";
                for my $name (keys %seen) {
                    print "taken\\n" if sysopen my $file, $name, O_CREAT | O_EXCL | O_WRONLY;
                }
            }
            """;

    /** What is no user's, and a state that no keeper writes. */
    private static final String SPOIL = """
            cd /tmp
            mkdir stunnel-99999999999999-aaaaaaaaaa stunnel-$(id -u)-aaaaaaaaaa
            printf '%s\\0' state=up since=9223372036854775807 reconnects=0 keeper=1 request=open context=local \\
                origin=srun prefix=/ uid=$(id -u) spec=8001 host=login job=1 target=cn1 plan=8001:8000 '' \\
                >stunnel-$(id -u)-aaaaaaaaaa/state
            """;

    private static final String LISTEN = """
            use Socket;
            my ($family, $address) = @ARGV;
            $family = $family eq "v4" ? AF_INET : AF_INET6;
            my $host = Socket::inet_pton($family, $address);
            my $name = $family == AF_INET ? pack_sockaddr_in(8001, $host) : Socket::pack_sockaddr_in6(8001, $host);
            socket my $socket, $family, SOCK_STREAM, 0 or die;
            setsockopt $socket, 41, 26, pack("i", 1) if $family == AF_INET6;
            setsockopt $socket, SOL_SOCKET, SO_REUSEADDR, 1;
            bind $socket, $name or die;
            listen $socket, 1 or die;
            $| = 1;
            print "listening\\n";
            sleep 60;
            """;

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account bob = alice.as("bob");
    private final String uid = alice.output("id", "-u");

    @Test
    @DisplayName("row 6: names that somebody else took first are in nobody's way")
    void cannotSquatOnNames() {
        assertThat(bob.bash("set -- " + uid + "\n" + SQUAT).stderr()).isEmpty();
        try (RunningCommand step = alice.startTyped(STEP)) {
            step.awaitStdout("serving");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        } finally {
            bob.type("cd /tmp && rm -rf stunnel-" + uid + "* " + uid + "-*-control.tunnel");
        }
    }

    @Test
    @DisplayName("row 6: the lock of a job's steps can be taken by others once it is let go, and the steps do without")
    void cannotKeepTheLockOfAJob() {
        Account there = bob.on("cn1");
        try (RunningCommand taker = there.start("perl", "-e", TAKE_LOCKS).awaitStdout("watching");
                RunningCommand shell = alice.startAllocation("-w cn1 --tunnel 8001:8000")) {
            shell.type("srun echo first </dev/null");
            shell.awaitStdout("first");
            taker.awaitStdout("taken");
            shell.type("srun /opt/testbed/serve 8000 </dev/null &");
            shell.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        } finally {
            there.type("rm -f /tmp/stunnel-*.lock");
        }
    }

    @Test
    @DisplayName("row 30: what others leave there does not keep root from the list of all tunnels")
    void cannotSpoilTheListOfAllTunnels() {
        assertThat(bob.bash(SPOIL).stderr()).isEmpty();
        try {
            Outcome list = alice.as("root").run("/opt/slurm-stunnel/bin/stunnel", "list", "--all");

            assertThat(list.stderr()).isEmpty();
            assertThat(list.exit()).isZero();
        } finally {
            bob.type("rm -r /tmp/stunnel-*-aaaaaaaaaa");
        }
    }

    @Test
    @DisplayName("rows 6, 8: a control directory is nobody else's from its first moment to its last")
    void cannotGetIntoTheControlDirectory() {
        try (RunningCommand race = bob.start("perl", "-e", RACE, uid).awaitStdout("racing")) {
            for (int i = 0; i < 3; i++) {
                try (RunningCommand step = alice.startTyped(STEP)) {
                    step.awaitStdout("serving");
                    assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
                }
            }
            testbed.awaitEndOfTunnel("login", 8001);
            race.terminate();
            assertThat(race.outcome().stdout()).isEqualTo("racing\n");
        }
    }

    @Test
    @DisplayName("rows 8, 11: the master answers to its user and to root; the port is everybody's")
    void cannotUseTheMasterButTheListener() {
        try (RunningCommand step = alice.startTyped(STEP)) {
            step.awaitStdout("serving");
            String socket =
                    alice.type("ls -d /tmp/stunnel-" + uid + "-*").stdout().strip() + "/ctl";

            for (String request : new String[] {"check", "exit", "stop"}) {
                Outcome outcome = bob.run("ssh", "-F", "none", "-S", socket, "-O", request, "x");
                assertThat(outcome.exit()).isEqualTo(255);
                assertThat(outcome.stderr()).contains("Permission denied");
            }
            assertThat(alice.as("root")
                            .run("ssh", "-F", "none", "-S", socket, "-O", "check", "x")
                            .exit())
                    .isZero();
            assertThat(bob.fetch(8001)).as("as SECURITY.md says").isEqualTo("hello from cn1:8000");
        }
    }

    @ParameterizedTest
    @CsvSource({"v4,127.0.0.1,1", "v4,0.0.0.0,1", "v6,::1,0"})
    @DisplayName("row 10: a listener that was there first gets nothing that is sent to 127.0.0.1")
    void cannotListenInstead(String family, String address, int exit) {
        try (RunningCommand holder =
                bob.start("perl", "-e", LISTEN, family, address).awaitStdout("listening")) {
            Outcome outcome = alice.type("srun -w cn1 --tunnel 8001:8000 bash -c '/opt/testbed/serve 8000 & sleep 1'");

            assertThat(outcome.exit()).isEqualTo(exit);
            assertThat(outcome.stderr()).contains(exit == 0 ? "tunnel up" : "Address already in use");
        }
    }
}
