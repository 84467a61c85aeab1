package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The answer that a user at a prompt waits for: what it says, and what must not be loaded for it. */
class VerdictIT {
    @TempDir
    private Path directory;

    private Installation installation;

    @BeforeEach
    void install() throws Exception {
        installation = Installation.fresh();
    }

    @Test
    void refusesABadSpecWithTheDiagnostics() throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message answer = keeper.ask(Requests.check("srun", "local", "8001x:8000"));
            assertThat(answer.required("answer")).isEqualTo("refused");
            assertThat(answer.required("text"))
                    .startsWith("--tunnel:1:1: error: ")
                    .contains("8001x:8000\n", "^");
            assertThat(keeper.end()).isZero();
        }
    }

    @Test
    void fitsIntoAMessageWhateverIsWrong() throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message answer = keeper.ask(Requests.check("srun", "local", ",".repeat(900) + "é".repeat(30_000)));
            assertThat(answer.required("answer")).isEqualTo("refused");
        }
    }

    @Test
    void keepsTheAdministratorsWarningsFromTheUser() throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message answer =
                    keeper.ask(Requests.check("srun", "local", "8001", "ssh_args=-o|StrictHostKeyChecking=no"));
            assertThat(answer.required("answer")).isEqualTo("ok");
            assertThat(answer.all("text")).isEmpty();
        }
    }

    @Test
    void refusesBadSettings() throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message answer = keeper.ask(Requests.check("srun", "local", "8001:8000", "ssh_comand=ssh"));
            assertThat(answer.required("answer")).isEqualTo("refused");
            assertThat(answer.required("text")).contains("ssh_comand", "ssh_cmd");
        }
    }

    @Test
    void tellsTheJobWhatIsKnownAtSubmission() throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message answer = keeper.ask(Requests.check("sbatch", "allocator", "8001:8000,L1900:license_server:1900")
                    .with("host", "login"));
            assertThat(answer.required("answer")).isEqualTo("ok");
            assertThat(answer.all("env"))
                    .containsExactly(
                            "STUNNEL_COUNT=2",
                            "STUNNEL_0_LISTEN=8001",
                            "STUNNEL_0_HOST=login",
                            "STUNNEL_0_TARGET=localhost:8000",
                            "STUNNEL_1_LISTEN=1900",
                            "STUNNEL_1_TARGET=license_server:1900");
        }
    }

    @Test
    void warnsAndAccepts() throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message answer = keeper.ask(Requests.check("sbatch", "allocator", "R*:8001:localhost:8000"));
            assertThat(answer.required("answer")).isEqualTo("ok");
            assertThat(answer.required("text")).contains("warning", "GatewayPorts");
        }
    }

    @Test
    void comesBeforeJnaAndWithoutLogbackPicocliOrLambdas() throws Exception {
        Path loaded = directory.resolve("loaded");
        List<String> argv = installation.runtime("-Xlog:class+load:file=" + loaded + "::filecount=0");
        try (KeeperSide keeper = KeeperSide.start(argv)) {
            keeper.ask(Requests.check("srun", "local", "8001:8000,R8002:host:8003"));
            assertThat(keeper.end()).isZero();
        }
        String classes = Files.readString(loaded);
        int verdict = classes.indexOf("stunnel.runtime.PosixLoading");
        assertThat(verdict).isPositive();
        assertThat(classes.substring(0, verdict))
                .contains("stunnel.runtime.Verdict", "stunnel.runtime.MessageWriter")
                .doesNotContain("com.sun.jna", "ch.qos.logback", "org.slf4j", "picocli", "com.fasterxml")
                .doesNotContain("java.util.stream.", "java.util.Formatter", "java.lang.reflect.Proxy ")
                .doesNotContainPattern("stunnel\\S*Lambda");
        assertThat(classes).doesNotContain("ch.qos.logback", "picocli");
    }
}
