package stunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stunnel.runtime.Installation;

/** The installed command, called as people and scripts call it. */
class PlanCommandIT {
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
    void drawsWhatReachesWhat() throws Exception {
        Run run = plan("web=8001:8000,R9000:db:5432,D1080", "--node", "cn1", "--submit-host", "login");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out().lines().toList().subList(0, 4))
                .containsExactly(
                        "             [login] ssh [cn1]",
                        "  web=127.0.0.1:8001 --> localhost:8000",
                        "             db:5432 <-- 127.0.0.1:9000",
                        "      127.0.0.1:1080 --> anywhere (SOCKS)");
        assertThat(run.out())
                .containsPattern("\nstart    ssh .* -S /tmp/stunnel-\\d+-XXXXXX/ctl .* -- cn1\n")
                .containsPattern("\nforward  ssh -F none -S /tmp/stunnel-\\d+-XXXXXX/ctl -O forward"
                        + " -L127.0.0.1:8001:localhost:8000 -R127.0.0.1:9000:db:5432 -D127.0.0.1:1080 x\n");
    }

    @Test
    void writesOneLineOfJson() throws Exception {
        Run run = plan(
                "a=[::1]:8001:[2001:db8::7]:8000,Rauto:80,/run/a:/run/b,D1080",
                "--as",
                "srun",
                "--node",
                "cn1",
                "--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).hasSize(1);
        assertThat(run.out())
                .startsWith("{\"forwards\":["
                        + "{\"name\":\"a\",\"direction\":\"L\",\"bind\":\"::1\",\"listen\":8001,\"host\":\"2001:db8::7\",\"port\":8000},"
                        + "{\"name\":null,\"direction\":\"R\",\"bind\":\"127.0.0.1\",\"listen\":\"auto\",\"host\":\"localhost\",\"port\":80},"
                        + "{\"name\":null,\"direction\":\"L\",\"bind\":null,\"listen\":\"/run/a\",\"host\":null,\"port\":\"/run/b\"},"
                        + "{\"name\":null,\"direction\":\"D\",\"bind\":\"127.0.0.1\",\"listen\":1080,\"host\":null,\"port\":null}],"
                        + "\"ssh\":{\"start\":[\"ssh\",")
                .contains("\"check\":[\"ssh\",\"-F\",\"none\",\"-S\",", "\"stop\":[\"ssh\",")
                .endsWith("},\"context\":\"local\",\"target\":\"cn1\"}\n");
    }

    @Test
    void saysWhatTheSiteDoesNotAllow() throws Exception {
        Path conf = Files.writeString(
                directory.resolve("stunnel.conf"), "policy { directions = [L, D], destinations = [\"localhost:*\"] }");
        Run run = plan("R8001:db:5432,8002:8000", "--conf", conf.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("error: this site does not let users open R forwards [policy-direction]\n")
                .contains("error: this site does not let users connect to db:5432 [policy-destination]\n")
                .contains("  hint: it allows localhost:*\n");
        assertThat(plan("8002:8000", "--conf", conf.toString()).status()).isZero();
    }

    @Test
    void takesSpecsThatBeginWithADash() throws Exception {
        for (List<String> arguments : List.of(
                List.of("-L1900:license_server:1900", "--as", "sbatch"),
                List.of("--as", "sbatch", "-L1900:license_server:1900"),
                List.of("--as=sbatch", "--", "-L1900:license_server:1900"))) {
            Run run = plan(arguments.toArray(String[]::new));
            assertThat(run.status()).as(run.err()).isZero();
            assertThat(run.out())
                    .contains("-L127.0.0.1:1900:license_server:1900", "-- SUBMIT_HOST\n")
                    .startsWith("          [NODE] ssh [SUBMIT_HOST]\n");
        }
    }

    @Test
    void keepsDiagnosticsOffStandardOutput() throws Exception {
        Run run = plan("8001:8000,8001x:8000");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("--tunnel:1:11: error: ");
    }

    @Test
    void reportsErrorsAsJson() throws Exception {
        Run run = plan("8001:8000,8001x:8000", "--json");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .startsWith("{\"error\":[{\"id\":\"")
                .contains("\"severity\":\"error\",\"file\":\"--tunnel\",\"line\":1,\"column\":11,\"endColumn\":16,")
                .endsWith("}]}\n");
    }

    @Test
    void answersEveryLineOfStandardInput() throws Exception {
        Run run = run(Map.of(), "8001:8000\n\n 8002:8000\nR8003\r\n8004", "plan", "-", "--json");
        assertThat(run.status()).isEqualTo(1);
        List<String> answers = run.out().lines().toList();
        assertThat(answers).hasSize(5);
        assertThat(answers.get(0)).startsWith("{\"forwards\"");
        assertThat(answers.subList(1, 4)).allMatch(answer -> answer.startsWith("{\"error\""));
        assertThat(answers.get(4)).startsWith("{\"forwards\"");
        assertThat(run(Map.of(), "8001:8000\n8004", "plan", "-", "--json").status())
                .isZero();
    }

    @Test
    void namesTheLinesOfStandardInput() throws Exception {
        Run run = run(Map.of(), "8001:8000\n0\n", "plan", "-");
        assertThat(run.out())
                .startsWith("line 1:\n   [SUBMIT_HOST] ssh [NODE]\n")
                .contains("\nline 2:\n--tunnel:1:1: error: ");
    }

    @Test
    void readsTheSettings() throws Exception {
        Path conf = Files.writeString(directory.resolve("site.conf"), "control.dir = \"/run/user/%u\"\n");
        Run run = plan(
                "8001",
                "--conf",
                conf.toString(),
                "--plugstack-arg",
                "ssh_args=-o|User=me",
                "--plugstack-arg",
                "ssh_cmd=/opt/ssh");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("start    /opt/ssh -o User=me -o BatchMode=yes ")
                .containsPattern("-S /run/user/(\\d+)/stunnel-\\1-XXXXXX/ctl")
                .contains("settings " + conf + "\n");
    }

    @Test
    void tellsWrongUseFromWrongSpecs() throws Exception {
        assertThat(plan().status()).isEqualTo(2);
        assertThat(plan("8001", "8002").status()).isEqualTo(2);
        assertThat(plan("8001", "--as", "scrun").status()).isEqualTo(2);
        assertThat(plan("8001", "--jsn").status()).isEqualTo(2);
        assertThat(plan("8001", "--node", "-oProxyCommand=id").status()).isEqualTo(2);
        assertThat(plan("8001", "--conf", directory.resolve("none").toString()).status())
                .isEqualTo(2);
        assertThat(plan("").status()).isEqualTo(1);
        assertThat(plan("@/etc/passwd").status()).isEqualTo(1);
        assertThat(plan("8001", "--plugstack-arg", "ssh_comand=ssh").status()).isEqualTo(1);
    }

    @Test
    void isFoundThroughALinkAndDeafToTheEnvironment() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("slurm-stunnel"), installation.command());
        Path further = Files.createSymbolicLink(directory.resolve("further"), Path.of("slurm-stunnel"));
        Map<String, String> hostile = Map.of(
                "JAVA_TOOL_OPTIONS", "-Dx=y",
                "_JAVA_OPTIONS", "-Xmx1k",
                "JDK_JAVA_OPTIONS", "-version",
                "CLASSPATH", "/nonexistent",
                "CDPATH", "/usr",
                "LC_ALL", "C");
        Path relative = Path.of("bin/stunnel"); // seen from where the command is started
        for (Path command : List.of(link, further, relative)) {
            Run run = started(command, hostile, "", "plan", "8001é", "--json");
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).startsWith("{\"error\"").contains("U+00E9");
        }
        Files.delete(link); // JUnit would warn that it leads out of the directory
        Files.delete(further);
    }

    @Test
    void showsItsUse() throws Exception {
        assertThat(run(Map.of(), "", "--help").out()).contains("Usage: stunnel", "plan");
        assertThat(plan("--help").out()).contains("--plugstack-arg");
        assertThat(run(Map.of(), "", "--version").out()).startsWith("slurm-spank-stunnel 0.");
        assertThat(run(Map.of(), "").status()).isEqualTo(2);
    }

    private Run plan(String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("plan"));
        all.addAll(List.of(arguments));
        return run(Map.of(), "", all.toArray(String[]::new));
    }

    private Run run(Map<String, String> environment, String input, String... arguments) throws Exception {
        return started(installation.command(), environment, input, arguments);
    }

    private Run started(Path command, Map<String, String> environment, String input, String... arguments)
            throws Exception {
        List<String> argv = new ArrayList<>(List.of(command.toString()));
        argv.addAll(List.of(arguments));
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(argv)
                .directory(installation.prefix().toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It may have ended without reading: wrong use.
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, Files.readString(err));
    }
}
