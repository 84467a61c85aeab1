package stunnel.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticText;
import stunnel.diagnostic.Source;

class RandomTextsTest {
    /** {@code -Dstunnel.iterations=N} asks for a longer run, {@code -Dstunnel.seed=N} for another one. */
    private static final int ITERATIONS = Integer.getInteger("stunnel.iterations", 10_000) / 10;

    private static final long SEED = Long.getLong("stunnel.seed", System.nanoTime());

    private static final List<String> PIECES = List.of(
            "required ",
            "optional\t",
            "include ",
            "/x.so ",
            "x/slurm-spank-stunnel.so ",
            "ssh_args=-o|Port=22 ",
            "conf=/a\0b ",
            "\\",
            "\"",
            "'",
            "#",
            "#SBATCH ",
            "--tunnel=",
            "--tunnel ",
            "8001:8000",
            "\r\n",
            "\n",
            "\n",
            " ",
            "[*/]",
            "..",
            "{",
            "=",
            "\u00e9",
            "\ud83d\ude87",
            "\ud83d",
            "x".repeat(4_090),
            "|",
            "helpertask_args=>/tmp/x ");

    @TempDir
    private Path root;

    @Test
    void noTextIsTooStrangeToBeLinted() {
        Random random = new Random(SEED);
        for (int i = 0; i < ITERATIONS; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(30);
            for (int j = 0; j < length; j++) {
                text.append(
                        random.nextInt(20) == 0
                                ? String.valueOf((char) random.nextInt(0x10000))
                                : PIECES.get(random.nextInt(PIECES.size())));
            }
            for (String name : List.of("plugstack.conf", "stunnel.conf", "-")) {
                check(root.resolve(name).toString(), text.toString());
            }
        }
    }

    private void check(String name, String text) {
        Linter linter = new Linter(root, root, false);
        try {
            linter.text(new Source(name, text));
            assertThat(DiagnosticText.render(linter.diagnostics()).isEmpty())
                    .isEqualTo(linter.diagnostics().isEmpty());
        } catch (RuntimeException e) {
            throw new AssertionError("%s with seed %d: %s".formatted(name, SEED, e), e);
        }
        for (Diagnostic diagnostic : linter.diagnostics()) {
            assertThat(diagnostic.span().end())
                    .isLessThanOrEqualTo(diagnostic.source().text().length());
        }
    }
}
