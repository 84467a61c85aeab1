package stunnel.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticText;
import stunnel.diagnostic.Source;

class RandomInputsTest {
    /** What there is room for in a record. */
    private static final int MOST_TEXT = 1 << 20;

    @ParameterizedTest
    @EnumSource
    void noInputIsTooStrangeToBeExplained(Language language) {
        RandomInputs inputs = new RandomInputs(language, new Random(RandomRun.SEED));
        int count = RandomRun.iterations(2_000);
        for (int i = 0; i < count; i++) {
            String text = inputs.next();
            try {
                check(language.compile(new Source("input", text)));
            } catch (RuntimeException e) {
                throw new AssertionError("input %d of seed %d: %s".formatted(i, RandomRun.SEED, e), e);
            }
        }
    }

    /** A diagnostic refuses to be made with a span that is not in its source; here somebody also has to read them. */
    private static void check(List<Diagnostic> diagnostics) {
        String text = DiagnosticText.PLAIN.of(diagnostics, MOST_TEXT);
        assertThat(text.isEmpty()).isEqualTo(diagnostics.isEmpty());
        for (Diagnostic diagnostic : diagnostics) {
            assertThat(diagnostic.span().end())
                    .isLessThanOrEqualTo(diagnostic.source().text().length());
        }
    }
}
