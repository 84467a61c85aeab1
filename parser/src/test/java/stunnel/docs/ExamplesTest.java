package stunnel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import stunnel.cases.CaseFile;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.DiagnosticPage;

/** The examples of {@code stunnel validate --explain} are golden cases: for each diagnostic the one that has the fewest others. */
class ExamplesTest {
    private static final CaseFile EXAMPLES =
            new CaseFile(Path.of("src", "main", "resources", "stunnel", "diagnostic", "examples.txt"));
    /** Headline, line, carets, hint. */
    private static final int LINES = 4;

    @Test
    void areTakenFromTheGoldenCases() {
        List<Shown> shown = shown();
        StringBuilder examples = new StringBuilder();
        for (DiagnosticId id : DiagnosticId.values()) {
            examples.append(shown.stream()
                    .filter(each ->
                            each.text().lines().findFirst().orElseThrow().endsWith("[" + id.text() + "]"))
                    .min(Comparator.comparing(Shown::others)
                            .thenComparing(each -> each.text().length()))
                    .orElseThrow(() -> new AssertionError("there is no case of " + id.text()))
                    .text());
        }
        EXAMPLES.expect(".txt", examples.toString());
    }

    @Test
    void standOnThePages() {
        for (DiagnosticId id : DiagnosticId.values()) {
            assertThat(DiagnosticPage.of(id).text())
                    .contains("[" + id.text() + "]\n")
                    .contains("^");
        }
    }

    /** A diagnostic as it is shown, and how many there are beside it in the same case. */
    private record Shown(String text, int others) {}

    private static List<Shown> shown() {
        List<Shown> shown = new ArrayList<>();
        for (String folder : List.of("valid", "invalid")) {
            for (CaseFile file : CaseFile.all(folder, "")) {
                List<String> lines = named(file.text()).lines().toList();
                int others = Math.toIntExact(
                        lines.stream().filter(ExamplesTest::isHint).count());
                for (int i = 0; i + LINES <= lines.size(); i++) {
                    if (isHint(lines.get(i + LINES - 1))) {
                        shown.add(new Shown(String.join("\n", lines.subList(i, i + LINES)) + "\n", others));
                    }
                }
            }
        }
        return shown;
    }

    private static boolean isHint(String line) {
        return line.startsWith("  hint: ");
    }

    /** The names that such files have where they are used. */
    private static String named(String text) {
        return text.replaceAll("src/test/resources/cases/[^: ]*[.]sbatch", "job.sh")
                .replaceAll("src/test/resources/cases/[^: ]*[.]plugstack", "plugstack.conf");
    }
}
