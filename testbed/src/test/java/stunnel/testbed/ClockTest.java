package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A clock that jumps ends no wait early and makes none longer: nobody asks it how much time has passed. */
class ClockTest {
    private static final Pattern WALL_CLOCK = Pattern.compile(
            "\\btime\\(NULL\\)|gettimeofday|CLOCK_REALTIME|currentTimeMillis|Instant\\.now|LocalDateTime|ZonedDateTime|new Date");

    /** Since when a tunnel is what it is, for people to read; and the age of files, which have no other clock. */
    private static final List<String> DATES =
            List.of("audit.c", "stale.c", "standing.c", "verdict.c", "TunnelDirectories.java");

    @Test
    void nothingWaitsByTheWallClock() throws IOException {
        assertThat(Stream.concat(sources("native-launcher/src"), sources("runtime/src/main/java/stunnel/runtime")))
                .filteredOn(source -> !DATES.contains(String.valueOf(source.getFileName())))
                .isNotEmpty()
                .allSatisfy(source -> assertThat(Files.readString(source)).doesNotContainPattern(WALL_CLOCK));
    }

    private static Stream<Path> sources(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("..", folder))) {
            return files.filter(Files::isRegularFile).toList().stream();
        }
    }
}
