package stunnel.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticText;
import stunnel.diagnostic.Source;
import stunnel.fuzz.RandomRun;
import stunnel.plan.Origin;
import stunnel.plan.TunnelPlan;

class RandomSpecsTest {
    private static final int ITERATIONS = RandomRun.iterations(10_000);
    private static final long SEED = RandomRun.SEED;
    private static final String ALPHABET =
            "0018889aLRDlx:::,,,---==.._/[]*[::1]auto \t\n\0@+%$;\u0661\uff18\ud83d\ude87";

    @Test
    void textToPlanToTextToPlanIsTheIdentity() {
        RandomSpecs specs = new RandomSpecs(new Random(SEED));
        for (int i = 0; i < ITERATIONS; i++) {
            String text = specs.spec();
            Origin origin = i % 2 == 0 ? Origin.SRUN : Origin.SBATCH;
            Compilation compilation = compile(text, origin);
            assertThat(compilation.plan())
                    .as("%s (seed %d)%n%s", text, SEED, DiagnosticText.render(compilation.diagnostics()))
                    .isPresent();
            TunnelPlan plan = compilation.plan().orElseThrow();
            assertThat(compile(plan.text(), origin).plan())
                    .as("%s as %s (seed %d)", text, plan.text(), SEED)
                    .contains(plan);
        }
    }

    @Test
    void noTextIsTooStrangeToBeExplained() {
        Random random = new Random(SEED);
        for (int i = 0; i < ITERATIONS; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(40);
            for (int j = 0; j < length; j++) {
                boolean any = random.nextInt(20) == 0;
                text.append(any ? (char) random.nextInt(0x10000) : ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            checkExplained(text.toString());
        }
    }

    @Test
    void noTypingMistakeIsTooStrangeToBeExplained() {
        Random random = new Random(SEED);
        RandomSpecs specs = new RandomSpecs(random);
        for (int i = 0; i < ITERATIONS; i++) {
            StringBuilder text = new StringBuilder(specs.spec());
            int mistakes = 1 + random.nextInt(3);
            for (int j = 0; j < mistakes && text.length() > 0; j++) {
                int at = random.nextInt(text.length());
                char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, c);
                    default -> text.setCharAt(at, c);
                }
            }
            checkExplained(text.toString());
        }
    }

    /** A plan, or an error for a reason that can be shown; each error once. */
    private static void checkExplained(String text) {
        Compilation compilation = compile(text, Origin.SRUN);
        String rendered = DiagnosticText.render(compilation.diagnostics());
        assertThat(compilation.plan().isPresent() || !rendered.isEmpty())
                .as("'%s' (seed %d)", text, SEED)
                .isTrue();
        assertThat(compilation.diagnostics()).as("'%s' (seed %d)", text, SEED).doesNotHaveDuplicates();
        for (Diagnostic diagnostic : compilation.diagnostics()) {
            assertThat(diagnostic.span().end()).isLessThanOrEqualTo(text.length());
        }
    }

    private static Compilation compile(String text, Origin origin) {
        return TunnelCompiler.compile(new Source("--tunnel", text), origin, false);
    }
}
