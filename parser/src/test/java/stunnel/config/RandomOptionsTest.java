package stunnel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticText;
import stunnel.fuzz.RandomRun;

class RandomOptionsTest {
    private static final int ITERATIONS = RandomRun.iterations(10_000);
    private static final long SEED = RandomRun.SEED;
    private static final Path NOWHERE = Path.of("/nonexistent");
    private static final String ALPHABET = "||||>>><&&&2211'\"\\/a-vo=%u$`;() \t\u0007\ud83d\ude87\u00e9";

    @Test
    void noOptionIsTooStrangeToBeExplained() {
        Random random = new Random(SEED);
        for (int i = 0; i < ITERATIONS; i++) {
            List<String> keys = PluginArgumentsCompiler.KEYS;
            StringBuilder text = new StringBuilder(keys.get(random.nextInt(keys.size())) + "=");
            int length = random.nextInt(12);
            for (int j = 0; j < length; j++) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            SettingsCompilation compilation =
                    SettingsCompiler.compile(List.of(PluginArgument.of(text.toString(), 1)), NOWHERE, NOWHERE);
            String rendered = DiagnosticText.render(compilation.diagnostics());
            assertThat(compilation.settings().isPresent() || !rendered.isEmpty())
                    .as("'%s' (seed %d)", text, SEED)
                    .isTrue();
            assertThat(compilation.diagnostics())
                    .as("'%s' (seed %d)", text, SEED)
                    .doesNotHaveDuplicates();
            for (Diagnostic diagnostic : compilation.diagnostics()) {
                assertThat(diagnostic.span().end()).isLessThanOrEqualTo(text.length());
            }
        }
    }

    @Test
    void aQuotedWordReadsAsItWasMeant() {
        Random random = new Random(SEED);
        for (int i = 0; i < ITERATIONS; i++) {
            StringBuilder meant = new StringBuilder("-oX=");
            StringBuilder typed = new StringBuilder("-oX=");
            int length = random.nextInt(10);
            for (int j = 0; j < length; j++) {
                char c = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
                if (c >= ' ') {
                    meant.append(c);
                    typed.append(quoted(c, random));
                }
            }
            SettingsCompilation compilation = SettingsCompiler.compile(
                    List.of(PluginArgument.of("ssh_args=|" + typed + "|", 1)), NOWHERE, NOWHERE);
            assertThat(compilation.settings())
                    .as("'%s' (seed %d)%n%s", typed, SEED, DiagnosticText.render(compilation.diagnostics()))
                    .hasValueSatisfying(
                            settings -> assertThat(settings.ssh().args()).containsExactly(meant.toString()));
        }
    }

    private static String quoted(char c, Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> "\\" + c;
            case 1 -> c == '\'' ? "\"'\"" : "'" + c + "'";
            default -> "\"" + ("\"\\$`".indexOf(c) >= 0 ? "\\" : "") + c + "\"";
        };
    }
}
