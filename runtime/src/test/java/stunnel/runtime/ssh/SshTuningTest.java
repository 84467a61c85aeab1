package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stunnel.config.SshSettings;

class SshTuningTest {
    private static final String LIBRARY = "/opt/slurm-stunnel/lib/java/ssh-nodelay.so";
    private static final String OPTION = "KexAlgorithms=^curve25519-sha256";

    @TempDir
    private Path prefix;

    private Path ssh;
    private Path configuration;

    @BeforeEach
    void install() throws IOException {
        ssh = file("ssh");
        configuration = file("ssh_config");
        Files.createDirectories(prefix.resolve("lib/java"));
        Files.writeString(
                prefix.resolve("lib/java/ssh.options"),
                facts(ssh) + facts(configuration) + "option " + OPTION + "\npreload " + LIBRARY + "\n");
    }

    @Test
    void holdsForTheSshThatItWasFoundFor() {
        assertThat(SshTuning.of(settings(ssh, true), prefix))
                .isEqualTo(new SshTuning(List.of(OPTION), Optional.of(LIBRARY)));
    }

    @Test
    void isNothingWhereTheSiteWantsNone() {
        assertThat(SshTuning.of(settings(ssh, false), prefix)).isEqualTo(SshTuning.NONE);
    }

    @Test
    void isNothingForAnotherSsh() {
        assertThat(SshTuning.of(settings(configuration.resolveSibling("slogin"), true), prefix))
                .isEqualTo(SshTuning.NONE);
    }

    @Test
    void isNothingWhereItWasNeverLookedFor() throws IOException {
        Files.delete(prefix.resolve("lib/java/ssh.options"));
        assertThat(SshTuning.of(settings(ssh, true), prefix)).isEqualTo(SshTuning.NONE);
    }

    @Test
    void isNothingAfterAnUpdateOfSsh() throws IOException {
        Files.writeString(ssh, "longer than before");
        assertThat(SshTuning.of(settings(ssh, true), prefix)).isEqualTo(SshTuning.NONE);
    }

    @Test
    void isNothingAfterAChangeOfItsConfiguration() throws IOException {
        Files.setLastModifiedTime(configuration, FileTime.fromMillis(0));
        assertThat(SshTuning.of(settings(ssh, true), prefix)).isEqualTo(SshTuning.NONE);
    }

    private Path file(String name) throws IOException {
        return Files.writeString(prefix.resolve(name), name);
    }

    private static String facts(Path file) throws IOException {
        long seconds = Files.getLastModifiedTime(file).toMillis() / 1000;
        return "file " + file + " " + Files.size(file) + " " + seconds + "\n";
    }

    private static SshSettings settings(Path ssh, boolean tuned) {
        Duration second = Duration.ofSeconds(1);
        return new SshSettings(List.of(ssh.toString()), List.of(), tuned, second, second, 1, second);
    }
}
