package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ports that nobody names: chosen by the program that binds them, told to the job, and kept when the tunnel comes back. */
class AutoPortIT {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int FEW = 5;

    @TempDir
    private Path directory;

    private final List<Socket> held = new ArrayList<>();
    private Installation installation;
    private PrivateSshd sshd;
    private String settings;
    private String sshArguments;

    @BeforeEach
    void install() throws Exception {
        installation = Installation.fresh();
        sshd = PrivateSshd.start(Files.createDirectory(directory.resolve("sshd")));
        settings = "control.dir = \"" + Files.createDirectory(directory.resolve("c")) + "\"\n";
        sshArguments = sshd.sshArguments();
    }

    @AfterEach
    void stop() throws Exception {
        for (Socket socket : held) {
            socket.close();
        }
        sshd.close();
    }

    @Test
    void everyDirectionGetsPortsThatWorkAndComeBack() throws Exception {
        try (GreetingService one = GreetingService.saying("one");
                GreetingService two = GreetingService.saying("two");
                KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            String spec = "auto:%1$d,a=Rauto:%1$d,Rauto:%2$d,auto:%2$d,Dauto".formatted(one.port(), two.port());
            Message opening = keeper.ask(request(spec));
            Message ready = keeper.answer();

            List<Integer> ports = ports(ready);
            assertThat(ports).hasSize(5).doesNotHaveDuplicates();
            assertThat(List.of(ports.get(0), ports.get(3), ports.get(4)))
                    .allSatisfy(port -> assertThat(port).isBetween(20_000, 29_999));
            assertThat(ready.all("env")).contains("STUNNEL_A_LISTEN=" + ports.get(1));
            assertThat(ready.required("news"))
                    .startsWith("tunnel up: login:" + ports.get(0) + " -> cn1:" + one.port() + ", cn1:" + ports.get(1));
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThat(GreetingService.fetch(ports.get(0))).isEqualTo("one");
                assertThat(GreetingService.fetch(ports.get(1))).isEqualTo("one");
                assertThat(GreetingService.fetch(ports.get(2))).isEqualTo("two");
                assertThat(GreetingService.fetch(ports.get(3))).isEqualTo("two");
                stop(opening);
                restart(ready);
            }
            stop(opening);
        }
    }

    @Test
    void goesOnToTheNextPortWhenTheBindFails() throws Exception {
        int free = onlyFreeOfFew();
        assertOpensOn(free);
    }

    @Test
    void goesOnAlsoWhenSshIsToldToBeQuiet() throws Exception {
        sshArguments += "|-q";
        int free = onlyFreeOfFew();
        assertOpensOn(free);
    }

    @Test
    void staysInsideOfTheSitesPortsOnTheOtherHostToo() throws Exception {
        int free = onlyFreeOfFew();
        settings += settings.substring(settings.indexOf("policy.auto-ports")).replace("auto", "listen");
        try (GreetingService service = GreetingService.saying("within bounds");
                KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message opening = keeper.ask(request("Rauto:" + service.port()));
            assertThat(ports(keeper.answer())).containsExactly(free);
            assertThat(GreetingService.fetch(free)).isEqualTo("within bounds");
            stop(opening);
        }
    }

    @Test
    void saysThatNoPortIsFree() throws Exception {
        held.add(bound(onlyFreeOfFew()));
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            keeper.ask(request("auto:8000"));
            Message failed = keeper.answer();
            assertThat(failed.required("answer")).isEqualTo("failed");
            assertThat(failed.required("text"))
                    .containsPattern("forward Lauto:8000 \\(login:auto -> cn1:8000\\):"
                            + " no port of \\d+-\\d+ is free on login\n  next: ");
        }
    }

    @Test
    void namesTheOtherForwardWhosePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, LOOPBACK);
                KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            keeper.ask(request("auto:8000," + taken.getLocalPort() + ":8000"));
            assertThat(keeper.answer().required("text"))
                    .startsWith("tunnel not opened: forward L" + taken.getLocalPort() + ":8000 ");
        }
    }

    private void assertOpensOn(int port) throws Exception {
        try (GreetingService service = GreetingService.saying("found");
                KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message opening = keeper.ask(request("auto:" + service.port()));
            Message ready = keeper.answer();
            assertThat(ports(ready)).containsExactly(port);
            assertThat(GreetingService.fetch(port)).isEqualTo("found");
            stop(opening);
        }
    }

    /** Makes the range one of a few ports in a row, of which all others are bound, without listening there: no list shows them. */
    private int onlyFreeOfFew() throws Exception {
        int first = 0;
        for (Random random = new Random(); held.size() < FEW; ) {
            for (Socket socket : held) {
                socket.close();
            }
            held.clear();
            first = random.nextInt(20_000, 29_000);
            try {
                for (int i = 0; i < FEW; i++) {
                    held.add(bound(first + i));
                }
            } catch (IOException e) {
                first = 0; // somebody has it
            }
        }
        settings += "policy.auto-ports = [" + first + "-" + (first + FEW - 1) + "]\n";
        int free = new Random().nextInt(FEW);
        held.remove(free).close();
        return first + free;
    }

    private static Socket bound(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(LOOPBACK, port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private Message request(String spec) throws IOException {
        Path conf = Files.writeString(directory.resolve("stunnel.conf"), settings);
        return Requests.open(spec, sshArguments, "conf=" + conf);
    }

    private static List<Integer> ports(Message ready) {
        return ready.all("env").stream()
                .filter(variable -> variable.matches("STUNNEL_\\d+_LISTEN=.*"))
                .map(variable -> Integer.valueOf(variable.substring(variable.indexOf('=') + 1)))
                .toList();
    }

    /** As the keeper does it. */
    private static void restart(Message ready) throws Exception {
        assertThat(new ProcessBuilder(ready.all("start")).start().waitFor()).isZero();
        assertThat(new ProcessBuilder(ready.all("forward")).start().waitFor()).isZero();
    }

    private static void stop(Message opening) throws Exception {
        assertThat(new ProcessBuilder(opening.all("stop")).start().waitFor()).isZero();
        Path socket = Path.of(opening.required("dir"), "ctl");
        Conditions.await(
                "master ended", () -> Conditions.processesNaming(socket).isEmpty());
    }
}
