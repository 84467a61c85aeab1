package stunnel.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stunnel.diagnostic.Source;

/** The long run of "./dev fuzz", which measures; its name keeps it out of the builds. */
class FuzzRun {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final Duration BOUND = Duration.ofMillis(50);
    /** Longer than any pause of a busy machine: whoever takes this long never ends. */
    private static final Duration HANG = Duration.ofMinutes(1);
    /** A delay that has nothing to do with an input does not come back as often. */
    private static final int ATTEMPTS = 10;

    private static final Path FOUND = Path.of("target", "fuzz");

    @ParameterizedTest
    @EnumSource
    void everyInputIsDoneInTime(Language language) throws IOException {
        RandomInputs inputs = new RandomInputs(language, new Random(RandomRun.SEED));
        int warm = 5_000;
        int count = RandomRun.iterations(200_000);
        Duration slowest = Duration.ZERO;
        String slowestInput = "";
        int slow = 0;
        for (int i = 0; i < warm; i++) {
            timed(language, inputs.next());
        }
        for (int i = 0; i < count; i++) {
            String text = inputs.next();
            Duration time = measured(language, text, slowest);
            if (time.compareTo(slowest) > 0) {
                slowest = time;
                slowestInput = text;
            }
            if (time.compareTo(BOUND) > 0) {
                slow++;
                keep(language + "-" + i + "-" + time.toMillis() + "ms", text);
            }
        }
        System.out.printf(
                "%-10s %,d inputs, the slowest of %,d characters in %.1f ms: %.60s%n",
                language,
                count,
                slowestInput.length(),
                slowest.toNanos() / 1e6,
                slowestInput.replaceAll("\\p{Cntrl}", "?"));
        assertThat(slow).as("inputs that took more than %s", BOUND).isZero();
    }

    /** The shortest of several times, if the first one is longer than what interests. */
    private static Duration measured(Language language, String text, Duration interesting) throws IOException {
        try {
            Duration time = timed(language, text);
            for (int i = 1; i < ATTEMPTS && time.compareTo(interesting) > 0; i++) {
                Duration again = timed(language, text);
                time = again.compareTo(time) < 0 ? again : time;
            }
            return time;
        } catch (RuntimeException | Error e) {
            keep(language + "-failed", text);
            throw e;
        }
    }

    private static void keep(String name, String text) throws IOException {
        Files.createDirectories(FOUND);
        Files.writeString(FOUND.resolve(name), text);
    }

    /** The processor's time, which a busy machine and a collection of garbage do not add to; a wall clock ends a hang. */
    private static Duration timed(Language language, String text) {
        Source source = new Source("input", text);
        return Assertions.assertTimeoutPreemptively(HANG, () -> {
            long start = THREADS.getCurrentThreadCpuTime();
            language.compile(source);
            return Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
        });
    }
}
