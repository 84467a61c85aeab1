package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two tunnels that listen on one unix socket, and saw nothing in its place: the one that fails leaves it to the other. */
class SocketRaceIT {
    @TempDir
    private Path directory;

    private Installation installation;
    private PrivateSshd sshd;
    private Path control;
    private Path contested;

    @BeforeEach
    void install() throws Exception {
        installation = Installation.fresh();
        sshd = PrivateSshd.start(Files.createDirectory(directory.resolve("sshd")), "Subsystem sftp internal-sftp");
        control = Files.createDirectory(directory.resolve("c"));
        contested = directory.resolve("contested.sock");
    }

    @AfterEach
    void endTheOther() throws Exception {
        String other = directory.resolve("other").toString();
        assertThat(new ProcessBuilder("ssh", "-S", other, "-O", "exit", "x")
                        .start()
                        .waitFor())
                .isZero();
        sshd.close();
        assertThat(Conditions.isEmpty(control)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"R", "L"})
    void isWonByTheOneWhoseSocketItIs(String letter) throws Exception {
        Path near = directory.resolve("near.sock");
        Path far = directory.resolve("far.sock");
        try (GreetingService service = GreetingService.saying("of the other tunnel");
                KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            String spec = String.join(",", "L" + near + ":8000", "R" + far + ":8000", letter + contested + ":8000");
            Message request = Requests.open(
                    spec,
                    sshd.sshArguments(),
                    "ssh_cmd=" + slowerThan(letter, service.port()),
                    "conf="
                            + Files.writeString(
                                    directory.resolve("stunnel.conf"), "control.dir = \"" + control + "\"\n"));
            assertThat(keeper.ask(request).required("answer")).isEqualTo("opening");
            assertThat(keeper.answer().optional("batch"))
                    .as("what it is about to make over there")
                    .isPresent();

            Message failed = keeper.answer();

            assertThat(failed.required("answer")).isEqualTo("failed");
            assertThat(failed.required("text")).contains("ssh cannot listen on " + contested);
            assertThat(near).doesNotExist();
            assertThat(far).doesNotExist();
            assertThat(greeting()).isEqualTo("of the other tunnel");
        }
    }

    /** An ssh that lets another tunnel come first, after the look and before the forwards. */
    private Path slowerThan(String letter, int port) throws Exception {
        program("sftp", "exec sftp \"$@\"\n");
        return program("ssh", """
                case " $* " in *" -O forward "*)
                    mkdir DIR/first 2>/dev/null &&
                        ssh -F DIR/sshd/ssh_config -o ExitOnForwardFailure=yes -f -N -M -S DIR/other \\
                            -LETTER DIR/contested.sock:localhost:PORT cn1 ;;
                esac
                exec ssh "$@"
                """.replace("DIR", directory.toString())
                .replace("LETTER", letter)
                .replace("PORT", Integer.toString(port)));
    }

    private Path program(String name, String body) throws Exception {
        Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + body);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    private String greeting() throws Exception {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(contested));
            InputStream input = Channels.newInputStream(channel);
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
