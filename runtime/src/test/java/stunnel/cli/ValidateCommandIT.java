package stunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stunnel.diagnostic.DiagnosticId;
import stunnel.runtime.Installation;

/** The installed command, called as administrators call it. */
class ValidateCommandIT {
    @TempDir
    private Path directory;

    private Installation installation;

    /** Status, standard output and standard error of a run. */
    private record Run(int status, String out, String err) {}

    @BeforeEach
    void install() throws IOException {
        installation = Installation.fresh();
    }

    @Test
    void underlinesWhatIsWrong() throws Exception {
        Path plugstack = file("plugstack.conf", "requird /x.so\ninclude more/*.conf\n");
        Path more = file("more/a.conf", "optional /nonexistent.so\n");
        Run run = validate("", plugstack.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .startsWith(plugstack + ":1:1: error: requird is not a keyword, and Slurm ignores the line"
                        + " [unknown-keyword]\n    requird /x.so\n    ^^^^^^^\n  hint: did you mean required?\n")
                .contains(more + ":1:10: warning: ")
                .doesNotContain("\u001b");
        assertThat(run.err()).isEqualTo("1 error, 1 warning\n");
    }

    @Test
    void writesJson() throws Exception {
        Path script = file("job.sh", "#!/bin/bash\n#SBATCH --tunnel=8001x:8000\n");
        Run run = validate("", "--format", "json", script.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .isEqualTo("{\"diagnostics\":[{\"id\":\"not-a-port\",\"severity\":\"error\",\"file\":\"" + script
                        + "\",\"line\":2,\"column\":18,\"endColumn\":23,\"message\":\"8001x is not a port\","
                        + "\"hint\":\"a port is a number from 1 to 65535, in digits alone\"}]}\n");
        assertThat(run.err()).isEmpty();
        assertThat(validate("", "--format=json", "--spec", "8001").out()).isEqualTo("{\"diagnostics\":[]}\n");
    }

    @Test
    void countsWarningsWhenStrict() throws Exception {
        String warned = "R*:8001:localhost:8000";
        assertThat(validate("", "--spec", warned).status()).isZero();
        assertThat(validate("", "--strict", "--spec", warned).status()).isEqualTo(1);
        assertThat(validate("", "--strict", "--spec", "-L8001:8000", "--spec", "8002")
                        .status())
                .isZero();
    }

    @Test
    void readsStandardInputWhateverItIs() throws Exception {
        assertThat(validate("required\n", "-").out()).startsWith("-:1:1: error: nothing follows required");
        assertThat(validate("ssh.args = 7\n", "-").out()).startsWith("-:1:12: error: ssh.args is a number");
        assertThat(validate("#!/bin/sh\n#SBATCH --tunnel=0\n", "-").out())
                .startsWith("-:2:18: error: there is no port 0");
        assertThat(validate("", "-").status()).isZero();
    }

    @Test
    void checksSettings() throws Exception {
        Path conf = file("stunnel.conf", "include \"more.conf\"\nstart = wran\n");
        Path more = file("more.conf", "ssh.comand = [ssh]\n");
        Run run = validate("", conf.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains(conf + ":2:9: error: wran is no value of start")
                .contains(more + ":1:5: error: there is no setting ssh.comand", "did you mean ssh.command?");
        Path shipped = Path.of("..", "conf", "stunnel.conf");
        assertThat(validate("", "--strict", shipped.toString()).status()).isZero();
    }

    @Test
    void explainsEveryDiagnostic() throws Exception {
        Run run = validate("", "--explain", "optional-plugin");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith("optional-plugin (warning)\n\nWith start = require ")
                .contains("  hint: ")
                .contains("\nFor example:\n\nplugstack.conf:1:1: warning: ", "^^^^^^^^\n");
        Run unknown = validate("", "--explain", "not-port");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("did you mean " + DiagnosticId.NOT_A_PORT.text() + "?");
    }

    @Test
    void tellsWrongUseFromWrongFiles() throws Exception {
        assertThat(validate("", directory.resolve("none").toString()).status()).isEqualTo(2);
        assertThat(validate("", directory.toString()).err()).contains("cannot be read: it is not a file");
        assertThat(validate("", "--format", "xml", "-").status()).isEqualTo(2);
        assertThat(validate("", "--strct").status()).isEqualTo(2);
        assertThat(validate("", "--spec").status()).isEqualTo(2);
    }

    private Path file(String name, String text) throws IOException {
        Path path = directory.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private Run validate(String input, String... arguments) throws Exception {
        List<String> argv = new ArrayList<>(List.of(installation.command().toString(), "validate"));
        argv.addAll(List.of(arguments));
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(argv).redirectError(err.toFile()).start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It may have ended without reading: wrong use.
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, Files.readString(err));
    }
}
