package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the user reads when a tunnel does not come up, each time for real; and nothing is ever left of it. */
class TunnelFailureIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    @TempDir
    private Path directory;

    private Installation installation;
    private PrivateSshd sshd;
    private Path control;
    private String settings = "";
    private final List<String> options = new ArrayList<>();

    @BeforeEach
    void install() throws Exception {
        installation = Installation.fresh();
        sshd = PrivateSshd.start(Files.createDirectory(directory.resolve("sshd")), "MaxAuthTries 2");
        control = Files.createDirectory(directory.resolve("c"));
        settings = "control.dir = \"" + control + "\"\n";
        options.add(sshd.sshArguments());
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        sshd.close();
        assertThat(Conditions.isEmpty(control)).isTrue();
        assertThat(Conditions.processesNaming(control)).isEmpty();
    }

    @Test
    void namesTheForwardWhoseLocalPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            int port = taken.getLocalPort();
            String text = failure(PrivateSshd.freePort() + ":8000," + port + ":8888");
            assertThat(text.replaceAll("\\d+( is free: ask for )\\d+", "FREE$1FREE"))
                    .isEqualTo("""
                            tunnel not opened: forward L%1$d:8888 (login:%1$d -> cn1:8888): ssh cannot listen on 127.0.0.1:%1$d of login
                              ssh: bind [127.0.0.1]:%1$d: Address already in use
                              next: held by your process %2$d, java; FREE is free: ask for FREE:8888, or for auto:8888""".formatted(port, ProcessHandle.current().pid()));
        }
    }

    @Test
    void namesTheForwardWhoseRemotePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            int port = taken.getLocalPort();
            String text = failure("R" + PrivateSshd.freePort() + ":8000,R" + port + ":8888");
            assertThat(text)
                    .startsWith("tunnel not opened: forward R" + port + ":8888 (cn1:" + port + " -> login:8888): ")
                    .contains("  ssh: remote port forwarding failed for listen port " + port + "\n")
                    .contains("  next: the port may be taken on cn1");
        }
    }

    @Test
    void asksOneByOneWhenSshsWordsFitTwoForwards() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            int port = taken.getLocalPort();
            String text = failure("R[::1]:" + port + ":localhost:8000,R" + port + ":8888");
            assertThat(text).startsWith("tunnel not opened: forward R" + port + ":8888 ");
        }
    }

    @Test
    void namesTheForwardAlsoWhenSshIsToldToBeQuiet() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK)) {
            options.set(0, sshd.sshArguments() + "|-q");
            String text = failure(PrivateSshd.freePort() + ":8000," + taken.getLocalPort() + ":8888");
            assertThat(text)
                    .startsWith("tunnel not opened: forward L" + taken.getLocalPort() + ":8888 ")
                    .contains("  next: held by your process ");
        }
    }

    @Test
    void saysHowAnUnknownHostKeyBecomesKnown() throws Exception {
        sshd.trustNothing();
        assertThat(failure("8001:8000")).isEqualTo("""
                        tunnel not opened: login:8001 -> cn1:8000: ssh from login to cn1 exited with status 255
                          ssh: Host key verification failed.
                          next: run `ssh cn1` once on login to accept its key, or ask the administrator for /etc/ssh/ssh_known_hosts""");
    }

    @Test
    void warnsOfAChangedHostKey() throws Exception {
        PrivateSshd.makeKey(directory.resolve("other"));
        sshd.trust(directory.resolve("other.pub"));
        assertThat(failure("8001:8000"))
                .contains("  ssh: Host key verification failed.\n")
                .contains("  next: ask the administrator whether the key of cn1 is a new one");
    }

    @Test
    void saysThatAKeyIsRefused() throws Exception {
        PrivateSshd.makeKey(directory.resolve("other"));
        sshd.writeClientConfig(sshd.port(), directory.resolve("other"));
        assertThat(failure("8001:8000"))
                .contains("Permission denied (publickey")
                .contains("  next: `ssh cn1` on login must work without a password");
    }

    @Test
    void saysThatNothingListensOnTheSshPort() throws Exception {
        sshd.writeClientConfig(PrivateSshd.freePort(), sshd.userKey());
        assertThat(failure("8001:8000"))
                .contains("Connection refused\n")
                .contains("  next: ask the administrator whether sshd runs on cn1");
    }

    @Test
    void saysThatTheServerShedsLoadWhenItsTimeIsOver() throws Exception {
        sshd.close();
        sshd = PrivateSshd.start(
                Files.createDirectory(directory.resolve("busy")), "MaxStartups 1:100:1", "LogLevel VERBOSE");
        options.set(0, sshd.sshArguments());
        settings += "ssh.start-timeout = 2s\n";
        try (Socket only = sshd.occupy()) {
            assertThat(only.isConnected()).isTrue();
            // Its time may be over between two attempts, or in the middle of one.
            assertThat(failure("8001:8000"))
                    .containsPattern("ssh from login to cn1 "
                            + "(exited with status 255|took too long and was ended) \\(attempt [2-9]\\)\n")
                    .containsPattern("ssh: kex_exchange_identification: .*Connection (closed|reset)")
                    .contains("  next: sshd on cn1 turns away who comes while it is busy (MaxStartups)");
        }
        assertThat(sshd.timesTurnedAway()).isGreaterThan(1);
    }

    @Test
    void givesUpOnAServerThatHangs() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, LOOPBACK)) {
            sshd.writeClientConfig(silent.getLocalPort(), sshd.userKey());
            settings += "ssh.start-timeout = 1s\n";
            assertThat(failure("8001:8000"))
                    .startsWith("tunnel not opened: login:8001 -> cn1:8000: "
                            + "ssh from login to cn1 took too long and was ended\n")
                    .contains(
                            "  next: see whether `ssh cn1 true` on login waits, too: for an ssh-agent that does not answer");
        }
    }

    @Test
    void saysThatTheProgramIsMissing() throws Exception {
        options.set(0, "ssh_cmd=/nonexistent/ssh");
        assertThat(failure("8001:8000")).isEqualTo("""
                        tunnel not opened: /nonexistent/ssh cannot be run: No such file or directory
                          next: ask the administrator to correct ssh_cmd in plugstack.conf, or ssh.command in stunnel.conf""");
    }

    @Test
    void doesNotBelieveASuccessWithoutAControlSocket() throws Exception {
        options.set(0, "ssh_cmd=/bin/true");
        assertThat(failure("8001:8000")).contains("ssh from login to cn1 left no control socket");
    }

    @ParameterizedTest
    @CsvSource({"12345,0", "0,12345"})
    void saysNothingToASocketOfSomebodyElse(int listener, int owner) throws Exception {
        Assumptions.assumeTrue(Requests.uid() == 0, "only root can listen as somebody else");
        Path told = directory.resolve("told");
        options.add("ssh_cmd="
                + script("""
                case " $* " in *" -M "*) ;; *) echo "$@" >>TOLD; exit 255 ;; esac
                while [ "$1" != -S ]; do shift; done
                exec perl -MSocket -e '
                    socket my $s, PF_UNIX, SOCK_STREAM, 0 or die;
                    bind $s, pack_sockaddr_un($ARGV[0]) or die;
                    chown OWNER, OWNER, $ARGV[0];
                    $> = LISTENER; # the kernel keeps who it was that listened
                    listen $s, 9 or die;
                    $> = 0;
                    sleep 600 unless fork;' "$2"
                """.replace("TOLD", told.toString())
                        .replace("OWNER", Integer.toString(owner))
                        .replace("LISTENER", Integer.toString(listener))));
        assertThat(failure("8001:8000")).contains("ssh from login to cn1 has a control socket of somebody else");
        assertThat(told).doesNotExist();
    }

    @Test
    void endsAMasterThatHangs() throws Exception {
        options.add("ssh_cmd=" + script("""
                case " $* " in
                *" -O forward "*)
                    mkdir DIR/hangs 2>/dev/null && ssh -F none -S "$4" -O check x 2>&1 |
                        sed 's/.*pid=\\([0-9]*\\).*/\\1/' | xargs kill -STOP
                    exit 255 ;;
                *" -O check "*) exit 255 ;;
                *) exec ssh "$@" ;;
                esac
                """.replace("DIR", directory.toString())));
        assertThat(failure("8001:8000"))
                .contains("ssh from login to cn1 did not add the forwards: it exited with status 255");
    }

    @Test
    void startsSshWithoutTheIgnoredSignalsOfItsCaller() throws Exception {
        Path seen = directory.resolve("seen");
        options.add("ssh_cmd=" + script("grep SigIgn /proc/self/status >" + seen + "\nexit 1\n"));
        List<String> argv = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' HUP USR1; exec \"$@\"", "sh"));
        argv.addAll(installation.runtime());
        try (KeeperSide keeper = KeeperSide.start(argv)) {
            keeper.ask(request("8001:8000"));
            keeper.answer();
        }
        // glibc leaves the two that it uses itself, 32 and 33, ignored in what it spawns.
        assertThat(Files.readString(seen)).matches("SigIgn:\t00000000[08]0000000\n|SigIgn:\t0000000180000000\n");
    }

    private Path script(String body) throws Exception {
        Path file = Files.writeString(directory.resolve("script"), "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    private Message request(String spec) throws Exception {
        List<String> all = new ArrayList<>(options);
        all.add("conf=" + Files.writeString(directory.resolve("stunnel.conf"), settings));
        return Requests.open(spec, all.toArray(String[]::new));
    }

    private String failure(String spec) throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            assertThat(keeper.ask(request(spec)).required("answer")).isEqualTo("opening");
            return text(keeper.answer());
        }
    }

    private static String text(Message failed) throws Exception {
        assertThat(failed.required("answer")).isEqualTo("failed");
        assertThat(failed.required("policy")).isEqualTo("require");
        return failed.required("text");
    }
}
