package stunnel.dsl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation's example compiles and runs; what has no meaning does not compile. */
class ExampleTest {
    private static final Path EXAMPLE = Path.of("..", "docs", "examples", "Notebook.java");

    @TempDir
    private Path folder;

    @Test
    void printsTheValueOfTunnel() throws Exception {
        assertThat(compiles(EXAMPLE)).isTrue();
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process run = new ProcessBuilder(java, "-cp", folder + ":" + classPath(), "Notebook")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("srun --tunnel jupyter=L8888:8888,L9001-9004:8001-8004,R5432:db.example.org:5432,"
                        + "R[::1]:auto:localhost:8080,L8443:/run/notebook/api.sock,D1080\n");
        assertThat(run.waitFor()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "srun()",
                "srun(local(port(8001)))",
                "srun(remote(auto()))",
                "srun(local(host(\"db\")).to(port(80)))",
                "srun(local(host(\"db\").port(80)).to(port(80)))",
                "srun(local(port(8001)).to(host(\"db\")))",
                "srun(local(port(8001)).to(port(80).on(\"*\")))",
                "srun(local(port(8001)).to(auto()))",
                "srun(local(port(8001).on(\"*\")).to(socket(\"/run/a\")))",
                "srun(local(socket(\"/run/a\").on(\"*\")).to(port(80)))",
                "srun(dynamic(socket(\"/run/a\")))",
                "srun(dynamic(port(1080)).to(port(80)))",
            })
    void doesNotCompileWithout(String meaning) throws Exception {
        assertThat(compiles(source("srun(local(port(8001)).to(port(80)))"))).isTrue();
        assertThat(compiles(source(meaning))).isFalse();
    }

    private Path source(String expression) throws Exception {
        return Files.writeString(
                folder.resolve("Given.java"),
                "import static stunnel.dsl.Slurm.*; import static stunnel.dsl.Ssh.*;" + "class Given { Object tunnel = "
                        + expression + "; }");
    }

    private boolean compiles(Path source) {
        List<String> arguments = List.of("-d", folder.toString(), "-cp", classPath(), source.toString());
        OutputStream unread = OutputStream.nullOutputStream();
        return ToolProvider.getSystemJavaCompiler().run(null, null, unread, arguments.toArray(String[]::new)) == 0;
    }

    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }
}
