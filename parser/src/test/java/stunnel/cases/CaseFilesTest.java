package stunnel.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import stunnel.diagnostic.DiagnosticId;

class CaseFilesTest {
    /** What each kind of outcome is the outcome of. */
    private static final Map<String, String> INPUTS = Map.of(
            ".plan", ".tunnel",
            ".diag", ".tunnel",
            ".options-diag", ".options",
            ".conf-diag", ".conf",
            ".plugstack-diag", ".plugstack",
            ".sbatch-diag", ".sbatch");

    private static final List<String> SETTINGS_INPUTS = List.of(".options", ".conf");

    @Test
    void everyDiagnosticHasACase() {
        StringBuilder outcomes = new StringBuilder();
        for (String folder : List.of("valid", "invalid")) {
            CaseFile.all(folder, "").forEach(file -> outcomes.append(file.text()));
        }
        for (DiagnosticId id : DiagnosticId.values()) {
            assertThat(outcomes).contains("[" + id.text() + "]");
        }
    }

    @Test
    void noFileIsAnOrphan() {
        for (String folder : List.of("valid", "invalid")) {
            for (CaseFile file : CaseFile.all(folder, "")) {
                assertThat(hasPartner(file)).as(file.path().toString()).isTrue();
            }
        }
    }

    private static boolean hasPartner(CaseFile file) {
        String name = file.path().getFileName().toString();
        String suffix = name.substring(name.lastIndexOf('.'));
        if (suffix.equals(".settings")) {
            return SETTINGS_INPUTS.stream()
                    .anyMatch(input -> file.sibling(input).exists());
        }
        if (SETTINGS_INPUTS.contains(suffix) && file.sibling(".settings").exists()) {
            return true;
        }
        return INPUTS.entrySet().stream()
                .anyMatch(pair -> (pair.getKey().equals(suffix)
                                && file.sibling(pair.getValue()).exists())
                        || (pair.getValue().equals(suffix)
                                && file.sibling(pair.getKey()).exists()));
    }
}
