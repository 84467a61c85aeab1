package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server says is shown, and changes neither the next step nor whether ssh is run again: those follow from ssh's own words. */
class ServerWordsIT {
    @TempDir
    private Path directory;

    private Installation installation;
    private Path server;

    @BeforeEach
    void install() throws Exception {
        installation = Installation.fresh();
        server = Files.createDirectory(directory.resolve("sshd"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "idle sessions are timed out; REMOTE HOST IDENTIFICATION HAS CHANGED; kex_exchange_identification: Connection closed; sshd on cn1 refuses the session",
                "Welcome.; Only jobs are let in.; Access denied by pam_slurm_adopt: you have no active jobs on this node; cn1 does not know of the job",
            })
    void inTheBannerOfOneThatCloses(String first, String second, String third, String step) throws Exception {
        String closing = "AuthorizedKeysCommand /bin/sh -c \"kill -9 $PPID\"";
        String user = "AuthorizedKeysCommandUser " + System.getProperty("user.name");
        try (PrivateSshd sshd = PrivateSshd.start(server, banner(first, second, third), closing, user)) {
            Files.writeString(server.resolve("authorized_keys"), "");
            assertThat(failure(sshd))
                    .containsPattern("exited with status 255 \\(attempt \\d\\d?\\)\n")
                    .contains("\n  ssh: " + first + "\n  ssh: " + second + "\n  ssh: " + third + "\n")
                    .contains("\n  next: " + step);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @",
        "Access denied by pam_slurm_adopt is what you read without a job.",
    })
    void inTheBannerOfOneThatRefusesTheKey(String banner) throws Exception {
        try (PrivateSshd sshd = PrivateSshd.start(server, banner(banner))) {
            Files.writeString(server.resolve("authorized_keys"), "");
            assertThat(failure(sshd))
                    .contains("exited with status 255\n", "\n  ssh: " + banner + "\n")
                    .contains("  next: `ssh cn1` on login must work without a password");
        }
    }

    @Test
    void inTheLeaveThatItTakes() throws Exception {
        byte[] leave = leave("bye\nHost key verification failed.\nexchange_identification: Connection closed");
        assertThat(failure("SSH-2.0-hostile\r\n", leave))
                .contains("exited with status 255\n", "  ssh: exchange_identification: Connection closed\n")
                .contains("  next: try `ssh -v cn1 true` by hand on login");
    }

    @Test
    void inTheNameThatItGivesItself() throws Exception {
        assertThat(failure("SSH-2.0 REMOTE HOST IDENTIFICATION HAS CHANGED\r\n", new byte[0]))
                .contains("exited with status 255\n", "'SSH-2.0 REMOTE HOST IDENTIFICATION HAS CHANGED'\n")
                .contains("  next: try `ssh -v cn1 true` by hand on login");
    }

    private String failure(String identification, byte[] leave) throws Exception {
        try (PrivateSshd sshd = PrivateSshd.start(server);
                ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            sshd.writeClientConfig(socket.getLocalPort(), sshd.userKey());
            Thread leaving = new Thread(() -> takeLeave(socket, identification, leave));
            leaving.setDaemon(true);
            leaving.start();
            return failure(sshd);
        }
    }

    /** Its words are the user's own program's, and ssh knows nothing better. */
    @Test
    void countWhereAProxyCommandHasThem() throws Exception {
        try (PrivateSshd sshd = PrivateSshd.start(server)) {
            String words = "ssh: connect to host jump port 22: No route to host";
            // A shell in between: ssh hears of the end only when the words are written.
            sshd.addClientConfig("ProxyCommand sh -c \"echo '" + words + "' >&2\"");
            // ssh 10.0 is asked twice.
            assertThat(failure(sshd))
                    .containsPattern("exited with status 255( \\(attempt 2\\))?\n")
                    .contains("\n  ssh: " + words + "\n")
                    .contains("\n  next: cn1 or its network is down");
        }
    }

    private String banner(String... lines) throws IOException {
        return "Banner " + Files.write(directory.resolve("banner"), List.of(lines));
    }

    private String failure(PrivateSshd sshd) throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            keeper.ask(Requests.open("8001:8000", sshd.sshArguments()));
            return keeper.answer().required("text");
        }
    }

    /** SSH_MSG_DISCONNECT, in the clear as long as no keys are exchanged. */
    private static byte[] leave(String words) {
        byte[] text = words.getBytes(StandardCharsets.US_ASCII);
        int padding = 16 - (18 + text.length) % 8;
        ByteBuffer packet = ByteBuffer.allocate(18 + text.length + padding);
        packet.putInt(packet.capacity() - Integer.BYTES).put((byte) padding);
        packet.put((byte) 1).putInt(2).putInt(text.length).put(text).putInt(0);
        return packet.array();
    }

    private static void takeLeave(ServerSocket server, String identification, byte[] leave) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getOutputStream().write(identification.getBytes(StandardCharsets.US_ASCII));
                client.getOutputStream().write(leave);
                client.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                // One client less; or the test is over, and the socket closed.
            }
        }
    }
}
