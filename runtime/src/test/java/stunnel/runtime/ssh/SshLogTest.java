package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SshLogTest {
    @TempDir
    private Path directory;

    @Test
    void isSafeOnATerminal() throws Exception {
        Path file = Files.writeString(directory.resolve("log"), "one\r\n\n\u001b[2Jtwo\u0007\u009b\nthree");
        assertThat(new SshLog(file.toString()).lines()).containsExactly("one", "?[2Jtwo??", "three");
    }

    @Test
    void leavesOutWhatIsNotMeantForTheUser() throws Exception {
        Path file = Files.writeString(directory.resolve("log"), "debug1: Connecting\ndebug3: x\nConnection refused\n");
        assertThat(new SshLog(file.toString()).lines()).containsExactly("Connection refused");
    }

    @Test
    void mayBeMissing() {
        assertThat(new SshLog(directory.resolve("none").toString()).lines()).isEmpty();
    }

    @Test
    void isReadFromItsEndUpToABound() throws Exception {
        Path file = Files.writeString(directory.resolve("log"), "x".repeat(2_000_000) + "\nend");
        SshLog log = new SshLog(file.toString());
        assertThat(log.lines()).last().isEqualTo("end");
        assertThat(log.bytes()).hasSize(1 << 20);
    }

    @Test
    void beginsAnewForTheNextAttempt() throws Exception {
        Path file = Files.writeString(directory.resolve("log"), "Connection closed\n");
        SshLog log = new SshLog(file.toString());
        log.restart();
        assertThat(log.lines()).isEmpty();
        Files.writeString(file, "Connection refused\n", StandardOpenOption.APPEND);
        assertThat(log.lines()).containsExactly("Connection refused");
        assertThat(log.bytes()).asString().isEqualTo("Connection closed\nConnection refused\n");
    }
}
