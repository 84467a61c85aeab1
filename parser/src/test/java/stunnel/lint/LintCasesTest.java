package stunnel.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import stunnel.cases.CaseFile;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticText;

class LintCasesTest {
    private static final List<String> PLUGINS = List.of(
            "opt/slurm-stunnel/lib/slurm-spank-stunnel.so",
            "opt/other/slurm-spank-stunnel.so",
            "usr/lib64/slurm/x11.so");

    /** The host that the files are for. */
    @TempDir
    private Path root;

    @BeforeEach
    void installPlugins() throws IOException {
        for (String plugin : PLUGINS) {
            Files.createDirectories(root.resolve(plugin).getParent());
            Files.writeString(root.resolve(plugin), "");
        }
        Files.createDirectories(root.resolve("etc/slurm"));
        Files.writeString(root.resolve("etc/slurm/slurm.conf"), "PluginDir=/usr/lib64/slurm\n");
    }

    @TestFactory
    Stream<DynamicTest> acceptsPlugstacks() {
        return CaseFile.tests("valid", ".plugstack", file -> accept(file, ".plugstack-diag"));
    }

    @TestFactory
    Stream<DynamicTest> explainsPlugstacks() {
        return CaseFile.tests("invalid", ".plugstack", file -> refuse(file, ".plugstack-diag"));
    }

    @TestFactory
    Stream<DynamicTest> acceptsJobScripts() {
        return CaseFile.tests("valid", ".sbatch", file -> accept(file, ".sbatch-diag"));
    }

    @TestFactory
    Stream<DynamicTest> explainsJobScripts() {
        return CaseFile.tests("invalid", ".sbatch", file -> refuse(file, ".sbatch-diag"));
    }

    private void accept(CaseFile file, String suffix) throws IOException {
        List<Diagnostic> diagnostics = linted(file);
        assertThat(Diagnostic.anyError(diagnostics)).isFalse();
        file.expect(suffix, DiagnosticText.render(diagnostics));
    }

    private void refuse(CaseFile file, String suffix) throws IOException {
        List<Diagnostic> diagnostics = linted(file);
        assertThat(diagnostics).isNotEmpty();
        file.expect(suffix, DiagnosticText.render(diagnostics));
    }

    private List<Diagnostic> linted(CaseFile file) throws IOException {
        Linter linter = new Linter(root, root.resolve("opt/slurm-stunnel"), false);
        linter.file(file.path());
        return linter.diagnostics();
    }
}
