package stunnel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.DiagnosticPage;
import stunnel.diagnostic.DiagnosticText;
import stunnel.diagnostic.Source;
import stunnel.lint.Linter;
import stunnel.parser.TunnelCompiler;
import stunnel.plan.Origin;

class DiagnosticsPageTest {
    private static final GeneratedPage PAGE = GeneratedPage.of("diagnostics.md");
    private static final String PLUGIN = "/opt/slurm-stunnel/lib/slurm-spank-stunnel.so";

    private static final List<String> VALUES = List.of(
            "8001x:8000,70000:80",
            "127.0.0.1:8001:8000",
            "l8001:8000, R9000:9000",
            "80:8080",
            "8001:8000,R8001:80,*:8001:db:5432",
            "8001-8010:9001-9011");

    private static final List<String> LINES = List.of(
            "requird " + PLUGIN,
            "required " + PLUGIN + " ssh_args=\"-o Port=2222\"",
            "required " + PLUGIN + " ssh_arg=-o|ControlPath=/tmp/ctl helpertask_args=>/tmp/stunnel.log",
            "optional " + PLUGIN + " ssh_args=-o|StrictHostKeyChecking=no # one user asked for it");

    /** The host that the lines are for. */
    @TempDir
    private Path root;

    @Test
    void showsTheDiagnosticsAsTheyAre() throws IOException {
        StringBuilder page = new StringBuilder();
        page.append("# What can be wrong\n\n")
                .append("This page is made from the catalogue of diagnostics; a test keeps it up to date.\n")
                .append("`stunnel validate --explain ID` prints one entry, with an example.\n\n")
                .append("## Ten mistakes, and what they look like\n\n");
        for (String value : VALUES) {
            example("srun --tunnel \"" + value + "\"", compiled(value), page);
        }
        for (String line : LINES) {
            example(line, linted(line), page);
        }
        page.append("## All of them\n\n`…` stands for a part of the text.\n\n")
                .append("| id | | what is wrong | why | what to do |\n|---|---|---|---|---|\n");
        for (DiagnosticId id : DiagnosticId.values()) {
            row(DiagnosticPage.of(id), page);
        }
        PAGE.expect(page.toString());
    }

    private static void example(String title, List<Diagnostic> diagnostics, StringBuilder page) {
        assertThat(diagnostics).as(title).isNotEmpty();
        page.append("```text\n").append(title).append("\n\n");
        page.append(DiagnosticText.render(diagnostics)).append("```\n\n");
    }

    private static List<Diagnostic> compiled(String value) {
        return TunnelCompiler.compile(new Source("--tunnel", value), Origin.SRUN, false)
                .diagnostics();
    }

    private List<Diagnostic> linted(String line) throws IOException {
        Path plugin = root.resolve(PLUGIN.substring(1));
        Files.createDirectories(plugin.getParent());
        Files.writeString(plugin, "");
        Linter linter = new Linter(root, root, false);
        linter.text(new Source("plugstack.conf", line + "\n"));
        return linter.diagnostics();
    }

    private static void row(DiagnosticPage page, StringBuilder text) {
        List<String> cells = new ArrayList<>(List.of(
                "`" + page.id().text() + "`", page.id().severity().text(), page.message(), page.reason(), page.hint()));
        for (int i = 0; i < cells.size(); i++) {
            cells.set(i, GeneratedPage.escaped(cells.get(i)));
        }
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
