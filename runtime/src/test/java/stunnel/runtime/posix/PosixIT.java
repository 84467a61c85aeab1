package stunnel.runtime.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real system calls against the real kernel. */
class PosixIT {
    private final Posix posix = Posix.system();

    @TempDir
    private Path directory;

    private int output;

    @BeforeEach
    void openOutput() throws PosixException {
        output = posix.openFile(directory.resolve("output").toString(), FileAccess.APPEND_NEW);
    }

    @AfterEach
    void closeOutput() {
        posix.close(output);
    }

    @Test
    void startsAProgramWithTheThreeDescriptorsAndNoOther() throws Exception {
        int inherited = posix.openFile("/dev/null", FileAccess.READ);
        assertThat(run("ls", "/proc/self/fd")).isEqualTo(new ExitStatus(0, false));
        assertThat(lines()).containsExactly("0", "1", "2", "3"); // 3 is ls's own, of the directory that it lists
        posix.close(inherited);
    }

    @Test
    void startsAProgramInASessionOfItsOwn() throws Exception {
        int pid = posix.spawn(new SpawnRequest(List.of("cat", "/proc/self/stat"), descriptors()));
        posix.awaitEnd(pid);
        assertThat(posix.reap(pid).isSuccess()).isTrue();
        List<String> fields = List.of(lines().get(0).split(" ", -1));
        assertThat(fields.get(0)).isEqualTo(Integer.toString(pid));
        assertThat(fields.subList(4, 6)).as("process group, session").containsOnly(Integer.toString(pid));
    }

    @Test
    void startsAProgramWithNoSignalBlocked() throws Exception {
        run("grep", "SigBlk", "/proc/self/status"); // this very thread blocks SIGQUIT, as all of HotSpot's do
        assertThat(lines()).containsExactly("SigBlk:\t0000000000000000");
    }

    @Test
    void passesArgumentsAsTheyAre() throws Exception {
        List<String> words = List.of("a b", "$(id)", "", "é\n'\"", "-x");
        List<String> argv = new ArrayList<>(List.of("printf", "<%s>"));
        argv.addAll(words);
        run(argv.toArray(String[]::new));
        assertThat(String.join("\n", lines())).isEqualTo("<a b><$(id)><><é\n'\"><-x>");
    }

    @Test
    void passesItsEnvironmentOn() throws Exception {
        run("/bin/sh", "-c", "echo \"$PATH\"");
        assertThat(lines()).containsExactly(System.getenv("PATH"));
    }

    @Test
    void tellsHowAProgramEnded() throws Exception {
        assertThat(run("/bin/sh", "-c", "exit 3").text()).isEqualTo("exited with status 3");
        assertThat(run("/bin/sh", "-c", "kill -9 $$").text()).isEqualTo("was ended by signal 9");
        assertThatThrownBy(() -> run("/nonexistent/program"))
                .isInstanceOf(PosixException.class)
                .hasMessage("posix_spawnp /nonexistent/program: No such file or directory");
    }

    @Test
    void locksADirectoryUntilItIsClosed() throws Exception {
        String[] others = {"flock", "--nonblock", "--exclusive", directory.toString(), "true"};
        int held = posix.openDirectory(posix.openRoot(), directory.toString());
        posix.lockShared(held);
        assertThat(run(others).isSuccess()).isFalse();
        posix.close(held);
        assertThat(run(others).isSuccess()).isTrue();
    }

    @Test
    void signalsAWholeGroup() throws Exception {
        int pid = posix.spawn(new SpawnRequest(List.of("/bin/sh", "-c", "sleep 600; true"), descriptors()));
        posix.kill(-pid, Signal.KILL);
        posix.awaitEnd(pid);
        assertThat(posix.reap(pid)).isEqualTo(new ExitStatus(9, true));
        assertThatThrownBy(() -> posix.kill(pid, Signal.NONE))
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ESRCH));
    }

    @Test
    void looksAtFilesWithoutFollowingLinks() throws Exception {
        int parent = open(directory);
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("output"));
        assertThat(posix.status(parent, "link").isLink()).isTrue();
        assertThat(posix.status(parent, "output"))
                .satisfies(status -> assertThat(status.isRegular()).isTrue())
                .satisfies(status -> assertThat(status.permissions()).isEqualTo(0600))
                .satisfies(status -> assertThat(status.uid()).isEqualTo(posix.userId()));
        assertThatThrownBy(() -> posix.openFile(directory.resolve("link").toString(), FileAccess.APPEND))
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ELOOP));
        Files.createSymbolicLink(directory.resolve("way"), directory);
        assertThatThrownBy(() -> posix.openDirectory(parent, "way"))
                .isInstanceOf(PosixException.class)
                .hasMessageContaining("Not a directory");
        int nothing = posix.openFile("/dev/null", FileAccess.WRITE);
        assertThat(posix.status(nothing).isNullDevice()).isTrue();
        posix.close(nothing);
        posix.close(parent);
    }

    @Test
    void makesAndRemovesPrivateDirectories() throws Exception {
        int parent = open(directory);
        posix.makeDirectory(parent, "own");
        assertThat(posix.status(parent, "own").permissions()).isEqualTo(0700);
        assertThatThrownBy(() -> posix.makeDirectory(parent, "own"))
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
        posix.removeDirectory(parent, "own");
        posix.removeFile(parent, "output");
        assertThat(directory).isEmptyDirectory();
        posix.close(parent);
    }

    @Test
    void writesAppendsAndTruncates() throws Exception {
        posix.write(output, "one".getBytes(StandardCharsets.UTF_8));
        posix.write(output, "two".getBytes(StandardCharsets.UTF_8));
        assertThat(lines()).containsExactly("onetwo");
        int again = posix.openFile(directory.resolve("output").toString(), FileAccess.APPEND);
        posix.write(again, "three".getBytes(StandardCharsets.UTF_8));
        posix.close(again);
        assertThat(lines()).containsExactly("onetwothree");
        posix.truncate(output);
        assertThat(directory.resolve("output")).isEmptyFile();
        assertThatThrownBy(() -> posix.openFile(directory.resolve("output").toString(), FileAccess.APPEND_NEW))
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EEXIST));
    }

    @Test
    void asksWhoListensOnAUnixSocket() throws Exception {
        Path socket = directory.resolve("socket");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            PeerCredentials peer = posix.peer(socket.toString());
            assertThat(peer.uid()).isEqualTo(posix.userId());
            assertThat(peer.pid()).isEqualTo((int) ProcessHandle.current().pid());
        }
        assertThatThrownBy(() -> posix.peer(socket.toString())).hasMessageContaining("Connection refused");
    }

    /** As a name inside the root directory, which openat takes with slashes too. */
    private int open(Path path) throws PosixException {
        int root = posix.openRoot();
        try {
            return posix.openDirectory(root, path.toString().substring(1));
        } finally {
            posix.close(root);
        }
    }

    private ExitStatus run(String... argv) throws PosixException {
        int pid = posix.spawn(new SpawnRequest(List.of(argv), descriptors()));
        posix.awaitEnd(pid);
        return posix.reap(pid);
    }

    private Map<Integer, Integer> descriptors() {
        return new TreeMap<>(Map.of(0, output, 1, output, 2, output));
    }

    private List<String> lines() throws Exception {
        return Files.readAllLines(directory.resolve("output"));
    }
}
