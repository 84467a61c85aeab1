package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole sessions: the JVM as the keeper starts it, real ssh, a real sshd, bytes through the tunnel, and nothing left. */
class TunnelSessionIT {
    @TempDir
    private Path directory;

    private Installation installation;
    private PrivateSshd sshd;
    private Path control;
    private String conf;

    @BeforeEach
    void install() throws Exception {
        installation = Installation.fresh();
        sshd = PrivateSshd.start(Files.createDirectory(directory.resolve("sshd")));
        control = Files.createDirectory(directory.resolve("c"));
        Path file = Files.writeString(directory.resolve("stunnel.conf"), "control.dir = \"" + control + "\"\n");
        conf = "conf=" + file;
    }

    @AfterEach
    void stop() {
        sshd.close();
    }

    @Test
    void carriesBytesBothWaysUntilItIsStopped() throws Exception {
        int local = PrivateSshd.freePort();
        int remote = PrivateSshd.freePort();
        try (GreetingService service = GreetingService.saying("hello through ssh");
                KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            String spec = local + ":" + service.port() + ",R" + remote + ":" + service.port();
            Message verdict = keeper.ask(Requests.check("srun", "local", spec, sshd.sshArguments(), conf));
            assertThat(verdict.required("answer")).isEqualTo("ok");
            Message opening = keeper.ask(Requests.open(spec, sshd.sshArguments(), conf));
            assertThat(opening.required("answer")).isEqualTo("opening");
            Message ready = keeper.answer();
            assertThat(ready.optional("text")).isEmpty();
            assertThat(ready.optional("news"))
                    .contains("tunnel up: login:" + local + " -> cn1:" + service.port() + ", cn1:" + remote
                            + " -> login:" + service.port());
            assertThat(keeper.hasNothingMoreToSay()).isTrue();
            assertThat(keeper.end()).isZero();

            assertThat(GreetingService.fetch(local)).isEqualTo("hello through ssh");
            assertThat(GreetingService.fetch(remote)).isEqualTo("hello through ssh");
            stopAndSeeItGone(opening);
            Conditions.await("local port closed", () -> isClosed(local));
            Conditions.await("remote port closed", () -> isClosed(remote)); // sshd notices a moment later
        }
    }

    @Test
    void keepsEverythingPrivateInADirectoryOfItsOwn() throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message opening = keeper.ask(Requests.open(PrivateSshd.freePort() + ":8000", sshd.sshArguments(), conf));
            assertThat(keeper.answer().required("answer")).isEqualTo("ready");
            Path own = Path.of(opening.required("dir"));
            assertThat(own.getParent()).isEqualTo(control);
            assertThat(own.getFileName().toString()).matches("stunnel-" + Requests.uid() + "-[a-z2-7]{10}");
            assertThat(permissions(own)).isEqualTo("rwx------");
            assertThat(permissions(own.resolve("ctl"))).isEqualTo("rw-------");
            assertThat(permissions(own.resolve("errors"))).isEqualTo("rw-------");
            assertThat(permissions(own.resolve("log"))).isEqualTo("rw-------");
            assertThat(own.toFile().list()).containsExactlyInAnyOrder("ctl", "errors", "log");
            stopAndSeeItGone(opening);
        }
    }

    @Test
    void tellsTheJobWhereItsTunnelsAre() throws Exception {
        int port = PrivateSshd.freePort();
        int other = PrivateSshd.freePort();
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            String spec = port + ":8000,R" + other + ":db.example:5432";
            Message opening = keeper.ask(Requests.open(spec, sshd.sshArguments(), conf));
            Message ready = keeper.answer();
            assertThat(ready.all("env"))
                    .containsExactly(
                            "STUNNEL_COUNT=2",
                            "STUNNEL_0_LISTEN=" + port,
                            "STUNNEL_0_HOST=login",
                            "STUNNEL_0_TARGET=localhost:8000",
                            "STUNNEL_1_LISTEN=" + other,
                            "STUNNEL_1_HOST=cn1",
                            "STUNNEL_1_TARGET=db.example:5432");
            stopAndSeeItGone(opening);
        }
    }

    @Test
    void tellsTheKeeperHowToBringTheTunnelBack() throws Exception {
        int port = PrivateSshd.freePort();
        try (GreetingService service = GreetingService.saying("back again");
                KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message opening = keeper.ask(Requests.open(port + ":" + service.port(), sshd.sshArguments(), conf));
            Message ready = keeper.answer();
            stopAndSeeItGone(opening);

            assertThat(new ProcessBuilder(ready.all("start")).start().waitFor()).isZero();
            assertThat(new ProcessBuilder(ready.all("forward")).start().waitFor())
                    .isZero();
            assertThat(GreetingService.fetch(port)).isEqualTo("back again");
            assertThat(new ProcessBuilder(opening.all("stop")).start().waitFor())
                    .isZero();
            Conditions.await("port closed", () -> isClosed(port));
        }
    }

    @Test
    void takesOverTheLoginThatItWouldMakeItself() throws Exception {
        int port = PrivateSshd.freePort();
        try (GreetingService service = GreetingService.saying("logged in already")) {
            String spec = port + ":" + service.port();
            Message before = openAndStop(Requests.open(spec, sshd.sshArguments(), conf));
            Message request = logIn(before, Requests.open(spec, sshd.sshArguments(), conf));
            try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
                Message opening = keeper.ask(request);
                assertThat(opening.required("dir")).isEqualTo(before.required("next-dir"));
                assertThat(opening.all("stop")).isEqualTo(before.all("next-stop"));
                Message ready = keeper.answer();
                assertThat(ready.required("answer")).isEqualTo("ready");
                assertThat(ready.required("next-dir")).isNotEqualTo(before.required("next-dir"));
                assertThat(GreetingService.fetch(port)).isEqualTo("logged in already");
                stopAndSeeItGone(opening);
            }
        }
    }

    @Test
    void leavesALoginAloneThatItWouldNotMake() throws Exception {
        int port = PrivateSshd.freePort();
        String spec = port + ":8000";
        Message before = openAndStop(Requests.open(spec, sshd.sshArguments(), conf));
        Message request = logIn(before, Requests.open(spec, sshd.sshArguments() + "|-4", conf));
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message opening = keeper.ask(request);
            assertThat(opening.required("dir")).isNotEqualTo(before.required("next-dir"));
            assertThat(keeper.answer().required("answer")).isEqualTo("ready");
            assertThat(new ProcessBuilder(before.all("next-stop")).start().waitFor())
                    .isZero();
            stopAndSeeItGone(opening);
        }
    }

    /** Opens a tunnel and stops it; what was said of it. */
    private Message openAndStop(Message request) throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message opening = keeper.ask(request);
            Message ready = keeper.answer();
            stopAndSeeItGone(opening);
            return ready;
        }
    }

    /** The keeper's part: logs in as the tunnel before it said, and adds that to the request. */
    private static Message logIn(Message before, Message request) throws Exception {
        Path own = Path.of(before.required("next-dir"));
        Files.createDirectory(own, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        List<String> start = new ArrayList<>(before.all("next-start"));
        start.add(PrivateSshd.HOST);
        assertThat(new ProcessBuilder(start).start().waitFor()).isZero();
        Message told = request.with("dir", own.toString()).withAll("start", start);
        return before.optional("preload").isPresent() ? told.with("preload", before.required("preload")) : told;
    }

    @Test
    void doesNotLetTheUsersConfigurationBreakTheTunnel() throws Exception {
        Path touched = directory.resolve("touched");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                GreetingService service = GreetingService.saying("still here");
                KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            sshd.addClientConfig(
                    "ControlMaster auto",
                    "ControlPath " + directory.resolve("users-%r"),
                    "ControlPersist 10m",
                    "LocalForward " + taken.getLocalPort() + " localhost:80",
                    "RemoteForward " + taken.getLocalPort() + " localhost:80",
                    "RemoteCommand touch " + touched,
                    "RequestTTY force",
                    "PermitLocalCommand yes",
                    "LocalCommand touch " + touched,
                    "BatchMode no",
                    "GatewayPorts yes");
            int port = PrivateSshd.freePort();
            Message opening = keeper.ask(Requests.open(port + ":" + service.port(), sshd.sshArguments(), conf));
            Message ready = keeper.answer();
            assertThat(ready.all("text")).isEmpty();
            assertThat(ready.all("news")).containsExactly("tunnel up: login:" + port + " -> cn1:" + service.port());
            assertThat(GreetingService.fetch(port)).isEqualTo("still here");
            stopAndSeeItGone(opening);
        }
        assertThat(touched).doesNotExist();
    }

    @Test
    void opensAThousandForwardsUnderALowLimitOfDescriptors() throws Exception {
        int first = 20_000;
        List<String> forwards = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            forwards.add((first + i) + ":8000");
        }
        List<String> limited = new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -Sn 256; exec \"$@\"", "sh"));
        limited.addAll(installation.runtime());
        try (KeeperSide keeper = KeeperSide.start(limited)) {
            Message opening = keeper.ask(Requests.open(String.join(",", forwards), sshd.sshArguments(), conf));
            Message ready = keeper.answer();
            assertThat(ready.all("answer")).as(ready.toString()).containsExactly("ready");
            assertThat(ready.optional("news").orElse("")).endsWith("login:20002 -> cn1:8000, … and 997 more");
            assertThat(ready.all("env")).contains("STUNNEL_999_LISTEN=20999").hasSize(3001);
            stopAndSeeItGone(opening);
        }
    }

    @Test
    void comesAgainToAServerThatShedsLoad() throws Exception {
        sshd.close();
        sshd = PrivateSshd.start(
                Files.createDirectory(directory.resolve("busy")), "MaxStartups 1:100:1", "LogLevel VERBOSE");
        Socket only = sshd.occupy();
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message opening = keeper.ask(Requests.open(PrivateSshd.freePort() + ":8000", sshd.sshArguments(), conf));

            Conditions.await("ssh was turned away twice", () -> sshd.timesTurnedAway() >= 2);
            only.close();

            Message ready = keeper.answer();
            assertThat(ready.required("answer")).isEqualTo("ready");
            stopAndSeeItGone(opening);
        }
    }

    /** ssh 10.0 tells of a server that is busy only then. */
    @Test
    void hasSshGoIntoDetailOnceTheServerHasClosed() throws Exception {
        sshd.close();
        Path server = Files.createDirectory(directory.resolve("closing"));
        String command = "mkdir " + server + "/met && kill -9 $PPID; cat " + server + "/user_key.pub";
        sshd = PrivateSshd.start(
                server,
                "AuthorizedKeysCommand /bin/sh -c \"" + command + "\"",
                "AuthorizedKeysCommandUser " + System.getProperty("user.name"));
        Files.writeString(server.resolve("authorized_keys"), "");
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            String arguments = sshd.sshArguments() + "|-o|LogLevel=INFO";
            Message opening = keeper.ask(Requests.open(PrivateSshd.freePort() + ":8000", arguments, conf));
            Message ready = keeper.answer();
            assertThat(ready.required("answer")).isEqualTo("ready");
            assertThat(Path.of(opening.required("dir"), "log")).content().contains("Authenticated to 127.0.0.1");
            assertThat(ready.all("start")).as("when it comes back").doesNotContain("LogLevel=VERBOSE");
            stopAndSeeItGone(opening);
        }
    }

    @Test
    void saysNothingWhenToldNotTo() throws Exception {
        Files.writeString(directory.resolve("stunnel.conf"), "\nlog.announce = false\n", StandardOpenOption.APPEND);
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message opening = keeper.ask(Requests.open(PrivateSshd.freePort() + ":8000", sshd.sshArguments(), conf));
            Message ready = keeper.answer();
            assertThat(ready.required("answer")).isEqualTo("ready");
            assertThat(ready.optional("text")).isEmpty();
            assertThat(ready.optional("news")).isEmpty();
            stopAndSeeItGone(opening);
        }
    }

    private static boolean isClosed(int port) throws IOException {
        try {
            GreetingService.fetch(port);
            return false;
        } catch (ConnectException e) {
            return true;
        } catch (SocketException e) {
            // Accepted, and reset: it is about to close.
            return false;
        }
    }

    private static String permissions(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    /** The keeper's part: the master ends by the stop command, and takes its socket along. */
    private void stopAndSeeItGone(Message opening) throws Exception {
        Path socket = Path.of(opening.required("dir"), "ctl");
        assertThat(Conditions.processesNaming(socket)).hasSize(1);
        assertThat(new ProcessBuilder(opening.all("stop"))
                        .redirectErrorStream(true)
                        .start()
                        .waitFor())
                .isZero();
        Conditions.await(
                "master ended", () -> Conditions.processesNaming(socket).isEmpty());
        assertThat(socket).doesNotExist();
        assertThat(Conditions.processesNaming(control)).isEmpty();
    }
}
