package stunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stunnel.runtime.Installation;

/** The time that long files take, for "./dev fuzz"; its name keeps it out of the builds. */
class LintTimeRun {
    private static final Duration BOUND = Duration.ofSeconds(1);
    private static final double MOST_RATIO = 2.3;
    /** The quickest of them counts, since a busy machine only ever adds. */
    private static final int ATTEMPTS = 9;

    private static final int INCLUDED = 100;
    private static final String PLUGIN = "/lib/slurm-spank-stunnel.so";

    @TempDir
    private Path folder;

    @Test
    void growsWithTheLengthOfTheStack() throws Exception {
        Installation installation = Installation.fresh();
        Files.createDirectories(installation.prefix().resolve("lib"));
        Files.write(Path.of(installation.prefix() + PLUGIN), new byte[0]);
        Path half = stack(10_000, installation);
        Path whole = stack(20_000, installation);
        String command = installation.command().toString();
        Duration start = Duration.ofDays(1);
        Duration ofHalf = start;
        Duration ofWhole = start;
        for (int i = 0; i < ATTEMPTS; i++) {
            start = shorter(start, timed(command, "validate", "--spec", "8001"));
            ofHalf = shorter(ofHalf, timed(command, "validate", half.toString()));
            ofWhole = shorter(ofWhole, timed(command, "validate", whole.toString()));
        }
        double ratio =
                (double) ofWhole.minus(start).toMillis() / ofHalf.minus(start).toMillis();
        System.out.printf(
                "LINT       20,000 lines in %d ms beyond the JVM's start, %.2f times those of 10,000%n",
                ofWhole.minus(start).toMillis(), ratio);
        assertThat(ofWhole.minus(start)).isLessThan(BOUND);
        assertThat(ratio).isLessThanOrEqualTo(MOST_RATIO);
    }

    /** The worst that is known: each line loads this plugin, with options; half of them in included files. */
    private Path stack(int lines, Installation installation) throws IOException {
        List<String> main = new ArrayList<>();
        List<String> part = new ArrayList<>();
        Path parts = Files.createDirectories(folder.resolve(lines + ".d"));
        for (int i = 0; i < lines / 2; i++) {
            String line = "required " + installation.prefix() + PLUGIN + " ssh_args=-o|Port=" + (1_024 + i)
                    + " helpertask_args=>/var/log/%u-" + i + ".log|2>&1";
            main.add(line);
            part.add(line);
            if (part.size() == lines / 2 / INCLUDED) {
                Path file = parts.resolve(i + ".conf");
                Files.write(file, part);
                main.add("include " + file);
                part.clear();
            }
        }
        return Files.write(folder.resolve("plugstack" + lines + ".conf"), main);
    }

    private static Duration timed(String... argv) throws Exception {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(argv)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isLessThan(2);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static Duration shorter(Duration one, Duration two) {
        return one.compareTo(two) < 0 ? one : two;
    }
}
