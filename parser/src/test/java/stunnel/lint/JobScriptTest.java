package stunnel.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Source;
import stunnel.plan.Policy;

class JobScriptTest {
    private static final String START = "#!/bin/sh\n#SBATCH";

    @ParameterizedTest
    @ValueSource(
            strings = {
                " --tunnel=8001x",
                "--tunnel=8001x",
                "\t-n1\f--tun=8001x",
                " --tunnel 8001x -n1",
                " --tunnel=8001x#comment",
                " --tunnel='8001x' # don't",
                " \"--tunnel=8001x\"",
                " -J '#' --tunnel=8001x",
                " --tunnel=8001x\\",
                " --tunnel=8001:\n#SBATCH --tunnel=8001x\ntrue",
            })
    void pointsAtTheValueThatCounts(String directive) {
        String script = START + directive;
        Diagnostic found = last(script);
        assertThat(found.id()).isEqualTo(DiagnosticId.NOT_A_PORT);
        assertThat(found.span().of(script)).isEqualTo("8001x");
    }

    @ParameterizedTest
    @ValueSource(strings = {" --tunnel=80\"01\"x", " --tunnel=80'0'1x", " --tunnel=80\\01x", " --tunnel='80\\01x'"})
    void pointsAtAllOfAValueWithQuotesInIt(String directive) {
        String script = START + directive;
        Diagnostic found = last(script);
        assertThat(found.message()).startsWith("8001x is not a port");
        assertThat(found.span().of(script).replaceAll("['\"\\\\]", "")).isEqualTo("8001x");
    }

    private static Diagnostic last(String script) {
        List<Diagnostic> found = JobScript.lint(new Source("script", script), false, Policy.OPEN);
        assertThat(found).isNotEmpty();
        return found.get(found.size() - 1);
    }
}
