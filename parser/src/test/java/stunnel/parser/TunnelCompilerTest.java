package stunnel.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;
import stunnel.plan.Origin;
import stunnel.plan.Policy;

class TunnelCompilerTest {

    @Test
    void takesOneThousandForwards() {
        String text = String.join(
                ",",
                IntStream.range(0, 1_000)
                        .mapToObj(i -> (2_000 + i) + ":node:80")
                        .toList());
        assertThat(compile(text).plan())
                .hasValueSatisfying(plan -> assertThat(plan.forwards()).hasSize(1_000));
        assertThat(ids(compile(text + ",9000:80"))).containsExactly(DiagnosticId.TOO_MANY_FORWARDS);
    }

    @Test
    void takesARangeOfOneThousand() {
        assertThat(compile("2000-2999:1-1000").plan())
                .hasValueSatisfying(plan -> assertThat(plan.forwards()).hasSize(1_000));
        assertThat(ids(compile("2000-3000:1-1001"))).containsExactly(DiagnosticId.TOO_MANY_FORWARDS);
        assertThat(ids(compile("2000-2999:1-1000,D1080"))).containsExactly(DiagnosticId.TOO_MANY_FORWARDS);
    }

    @Test
    void takesAsManyBytesAsTheLimitSays() {
        String forward = "8001:" + "a".repeat(63) + ":80,";
        String filled = forward + "x".repeat(TunnelCompiler.MOST_BYTES - forward.length());
        assertThat(ids(compile(filled)))
                .doesNotContain(DiagnosticId.SPEC_TOO_LONG)
                .isNotEmpty();
        assertThat(ids(compile(filled + "x"))).containsExactly(DiagnosticId.SPEC_TOO_LONG);
    }

    @Test
    void countsBytesAndNotCharacters() {
        String metro = "\ud83d\ude87";
        int quarter = TunnelCompiler.MOST_BYTES / 4;
        assertThat(ids(compile(metro.repeat(quarter)))).containsExactly(DiagnosticId.UNEXPECTED_CHARACTER);
        assertThat(ids(compile(metro.repeat(quarter) + "1"))).containsExactly(DiagnosticId.SPEC_TOO_LONG);
        assertThat(ids(compile("\u00e9".repeat(quarter * 2 + 1)))).containsExactly(DiagnosticId.SPEC_TOO_LONG);
        assertThat(ids(compile("\uffe5".repeat(TunnelCompiler.MOST_BYTES / 3 + 1))))
                .containsExactly(DiagnosticId.SPEC_TOO_LONG);
    }

    @Test
    void refusesLinesAndNuls() {
        assertThat(ids(compile("8001:8000\n"))).containsExactly(DiagnosticId.BLANK_CHARACTER);
        assertThat(ids(compile("8001:8000\r\n,8002:8000"))).containsExactly(DiagnosticId.BLANK_CHARACTER);
        assertThat(ids(compile("8001:8000\0"))).containsExactly(DiagnosticId.UNEXPECTED_CHARACTER);
    }

    @Test
    void reportsOneErrorForEachBadForwardOfMany() {
        String text = String.join(",", Collections.nCopies(1_000, "8001x:80"));
        assertThat(ids(compile(text))).hasSize(1_000).containsOnly(DiagnosticId.NOT_A_PORT);
    }

    @Test
    void compilesAValueInTheMiddleOfAFile() {
        Source script = new Source("job.sh", "#!/bin/sh\n#SBATCH --tunnel=8001:8000,8002:0\ntrue\n");
        int start = script.text().indexOf("8001");
        Span good = new Span(start, start + "8001:8000".length());
        assertThat(TunnelCompiler.compile(script, good, Origin.SBATCH, false, Policy.OPEN)
                        .plan())
                .isPresent();

        Span bad = new Span(start, script.text().indexOf("\ntrue"));
        List<Diagnostic> diagnostics = TunnelCompiler.compile(script, bad, Origin.SBATCH, false, Policy.OPEN)
                .diagnostics();
        assertThat(diagnostics).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.span().of(script.text())).isEqualTo("0");
            assertThat(script.position(diagnostic.span().start()).line()).isEqualTo(2);
        });
    }

    private static Compilation compile(String text) {
        return TunnelCompiler.compile(new Source("--tunnel", text), Origin.SRUN, false);
    }

    private static List<DiagnosticId> ids(Compilation compilation) {
        return compilation.diagnostics().stream().map(Diagnostic::id).toList();
    }
}
