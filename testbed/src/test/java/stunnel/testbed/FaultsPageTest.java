package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/faults.md names tests that exist. */
class FaultsPageTest {
    private static final Path CHECKOUT = Path.of("..");

    /** {@code `FooIT.method`} of Java, {@code `foo_test.function`} of C. */
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT|_test))\\.(\\w+)`");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (F\\d+) \\|.*$");

    @Test
    void everyNamedTestExists() throws IOException {
        List<MatchResult> tests = TEST.matcher(page()).results().toList();

        assertThat(tests)
                .hasSizeGreaterThan(50)
                .allSatisfy(test -> assertThat(source(test.group(1)))
                        .as(test.group())
                        .containsPattern("\\bvoid " + test.group(2) + "\\("));
    }

    @Test
    void everyFaultHasANumberOfItsOwnAndATest() throws IOException {
        List<MatchResult> rows = ROW.matcher(page()).results().toList();

        assertThat(rows).extracting(row -> row.group(1)).doesNotHaveDuplicates().hasSizeGreaterThan(50);
        assertThat(rows).allSatisfy(row -> assertThat(row.group()).containsPattern(TEST));
    }

    private static String page() throws IOException {
        return Files.readString(CHECKOUT.resolve("docs/faults.md"));
    }

    private static String source(String name) {
        return TestSources.find(name + ".java")
                .or(() -> TestSources.find(name + ".c"))
                .orElse("");
    }
}
