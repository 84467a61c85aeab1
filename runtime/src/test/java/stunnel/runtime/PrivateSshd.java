package stunnel.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real sshd on a port of its own on 127.0.0.1, with its own keys, and an ssh_config that calls it {@code cn1}. */
public final class PrivateSshd implements AutoCloseable {
    /** What the configuration calls the server. */
    public static final String HOST = "cn1";

    private static final String PROGRAM = "/usr/sbin/sshd";

    private final Path directory;
    private final int port;
    private final Process process;

    private PrivateSshd(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /** Starts one that keeps its files in an empty directory; {@code lines} are added to its configuration. */
    public static PrivateSshd start(Path directory, String... lines) throws IOException, InterruptedException {
        makeKey(directory.resolve("host_key"));
        makeKey(directory.resolve("user_key"));
        Files.copy(directory.resolve("user_key.pub"), directory.resolve("authorized_keys"));
        if (ProcessHandle.current().info().user().orElse("").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd")); // compiled into sshd, which wants it of root only
        }
        int port = freePort();
        String config = String.join(
                        "\n",
                        "ListenAddress 127.0.0.1",
                        "Port " + port,
                        "HostKey " + directory.resolve("host_key"),
                        "AuthorizedKeysFile " + directory.resolve("authorized_keys"),
                        "PidFile none",
                        "UsePAM no",
                        "StrictModes no",
                        "PermitRootLogin yes")
                + "\n";
        Files.writeString(directory.resolve("sshd_config"), config + String.join("\n", lines) + "\n");
        Process process = new ProcessBuilder(
                        PROGRAM,
                        "-D",
                        "-e",
                        "-f",
                        directory.resolve("sshd_config").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("sshd.log").toFile())
                .start();
        PrivateSshd sshd = new PrivateSshd(directory, port, process);
        sshd.awaitListening();
        sshd.trust(directory.resolve("host_key.pub"));
        sshd.writeClientConfig(port, directory.resolve("user_key"));
        return sshd;
    }

    /** The plugin option that makes ssh use this server for {@link #HOST}. */
    public String sshArguments() {
        return "ssh_args=-F|" + directory.resolve("ssh_config");
    }

    /** Sends ssh to another port, with another key. */
    public void writeClientConfig(int port, Path key) throws IOException {
        Files.writeString(
                directory.resolve("ssh_config"),
                String.join(
                        "\n",
                        "Host " + HOST,
                        "HostName 127.0.0.1",
                        "Port " + port,
                        "IdentityFile " + key,
                        "IdentitiesOnly yes",
                        "UserKnownHostsFile " + directory.resolve("known_hosts"),
                        "GlobalKnownHostsFile /dev/null",
                        ""));
    }

    /** Adds lines to what ssh is told about {@link #HOST}, as a user may in ~/.ssh/config. */
    public void addClientConfig(String... lines) throws IOException {
        Files.write(directory.resolve("ssh_config"), List.of(lines), StandardOpenOption.APPEND);
    }

    /** Makes a host key the one that ssh expects. */
    public void trust(Path publicKey) throws IOException {
        Files.writeString(directory.resolve("known_hosts"), "[127.0.0.1]:" + port + " " + Files.readString(publicKey));
    }

    /** Makes ssh know no host key at all. */
    public void trustNothing() throws IOException {
        Files.writeString(directory.resolve("known_hosts"), "");
    }

    public int port() {
        return port;
    }

    public Path userKey() {
        return directory.resolve("user_key");
    }

    /** A new key pair. */
    public static void makeKey(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file.toString())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("ssh-keygen " + file);
        }
    }

    /** A port that was free a moment ago. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitListening() throws IOException, InterruptedException {
        while (true) {
            if (!process.isAlive()) {
                throw new IOException("sshd: " + Files.readString(directory.resolve("sshd.log")));
            }
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                process.waitFor(10, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Ends the server; sessions that are open stay. */
    @Override
    public void close() {
        process.destroy();
        boolean interrupted = false;
        while (process.isAlive()) {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything that sshd said, for a failing test's report. */
    public List<String> log() throws IOException {
        return Files.readAllLines(directory.resolve("sshd.log"));
    }

    /** How many connections it has closed at once because of MaxStartups; it says so from LogLevel VERBOSE on. */
    public long timesTurnedAway() throws IOException {
        return log().stream().filter(line -> line.contains("past MaxStartups")).count();
    }

    /** A connection that sshd has let in, and that never says who it is: one of those that MaxStartups counts. */
    public Socket occupy() throws IOException {
        while (true) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            if (socket.getInputStream().read() == 'S') {
                return socket;
            }
            socket.close(); // it came while the one that awaited the start was still counted
        }
    }
}
