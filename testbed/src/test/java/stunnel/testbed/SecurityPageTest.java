package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** SECURITY.md: each promise has its tests, and they are there. */
class SecurityPageTest {
    private static final Path CHECKOUT = Path.of("..");

    /** A line of the table: its number, four columns of prose, and the tests. */
    private static final Pattern LINE = Pattern.compile("\\| (\\d+) \\|(?:[^|]*\\|){2}([^|]*)\\|([^|]*)\\|");

    private static final Pattern JAVA = Pattern.compile("`(\\w+)#(\\w+)`");
    private static final Pattern C = Pattern.compile("`(\\w+_test): (\\w+)`");
    private static final Pattern FUZZ = Pattern.compile("`(\\w+_fuzz)`");

    @Test
    void namesTestsThatExist() throws IOException {
        String page = Files.readString(CHECKOUT.resolve("SECURITY.md"));
        int named = 0;
        for (MatchResult test : JAVA.matcher(page).results().toList()) {
            assertThat(source(test.group(1) + ".java")).contains(" " + test.group(2) + "(");
            named++;
        }
        for (MatchResult test : C.matcher(page).results().toList()) {
            assertThat(source(test.group(1) + ".c")).containsPattern("TAP_\\w+\\(" + test.group(2) + "\\)");
            named++;
        }
        for (MatchResult test : FUZZ.matcher(page).results().toList()) {
            assertThat(source(test.group(1) + ".c")).contains("LLVMFuzzerTestOneInput");
            named++;
        }
        assertThat(named).isGreaterThan(40);
    }

    @Test
    void hasATestForEveryPromise() throws IOException {
        List<MatchResult> lines = LINE.matcher(Files.readString(CHECKOUT.resolve("SECURITY.md")))
                .results()
                .toList();
        assertThat(lines)
                .extracting(line -> Integer.valueOf(line.group(1)))
                .containsExactlyElementsOf(
                        Stream.iterate(1, n -> n + 1).limit(33).toList());
        // What only Slurm can mend is said to be so.
        assertThat(lines)
                .filteredOn(line -> line.group(3).isBlank())
                .extracting(line -> line.group(2).strip())
                .containsExactly("only a Slurm in which it is mended; see below");
    }

    private static String source(String name) {
        return TestSources.find(name).orElseThrow(() -> new AssertionError("there is no test " + name));
    }
}
