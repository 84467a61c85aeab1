package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/troubleshooting.md has what a tunnel that fails says, and nothing that is said no more. */
class TroubleshootingPageTest {
    private static final Path CHECKOUT = Path.of("..");

    /** A sign of ssh's that has a next step. */
    private static final Pattern SIGN = Pattern.compile("\\n    [A-Z_]+\\(\\s*\"([^\"]+)\"");

    /** The first words of our own that a failure has. */
    private static final Pattern FAILURE = Pattern.compile(
            "(?:TunnelFailure\\.of|ConnectProblem\\.failure|unusable|give_up_saying|object)\\((?:[^\";{]*)\"([^\"]+)\"");

    private static final Pattern LOGGED = Pattern.compile("stunnel_log_(?:error|text)\\(\"([^\"]+)\"");

    /** Between what is always the same. */
    private static final Pattern DIFFERS = Pattern.compile("…|%[.\\d]*\\w\\)?|\\\\n|error: |warning: ");

    /** Of a row the first cell; in it what is shown. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]*) \\|");

    private static final Pattern SHOWN = Pattern.compile("`([^`]+)`");

    /** What Slurm says, or what stands for all messages of the catalogue. */
    private static final Pattern OF_OTHERS = Pattern.compile(
            "unrecognized option.*|Job is pending.*|.*: error: .*|this site .*|tunnel down: .*|stunnel open");

    @Test
    void hasEveryFailure() throws IOException {
        String page = page();
        List<String> failures = failures();

        assertThat(failures).hasSizeGreaterThan(40);
        assertThat(failures).filteredOn(failure -> !page.contains(failure)).isEmpty();
    }

    @Test
    void hasOnlyWhatIsSaid() throws IOException {
        String sources = String.join("\n", sources());
        List<String> shown = ROW.matcher(page())
                .results()
                .flatMap(row -> SHOWN.matcher(row.group(1)).results().map(each -> each.group(1)))
                .filter(text -> !OF_OTHERS.matcher(text).matches())
                .flatMap(text -> DIFFERS.splitAsStream(text))
                .map(String::strip)
                .filter(text -> text.length() > 8)
                .toList();

        assertThat(shown).hasSizeGreaterThan(50);
        assertThat(shown).filteredOn(text -> !sources.contains(text)).isEmpty();
    }

    private static List<String> failures() throws IOException {
        return sources().stream()
                .flatMap(source -> Stream.of(SIGN, FAILURE, LOGGED)
                        .flatMap(pattern -> pattern.matcher(source).results()))
                .map(found -> longest(found.group(1)))
                .filter(text -> text.length() > 8)
                .distinct()
                .toList();
    }

    /** The longest part that does not differ each time. */
    private static String longest(String literal) {
        return DIFFERS.splitAsStream(literal)
                .map(String::strip)
                .reduce("", (one, two) -> two.length() > one.length() ? two : one);
    }

    private static String page() throws IOException {
        return Files.readString(CHECKOUT.resolve("docs/troubleshooting.md"));
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> java = Files.walk(CHECKOUT.resolve("runtime/src/main/java"));
                Stream<Path> c = Files.walk(CHECKOUT.resolve("native-launcher/src"))) {
            return Stream.concat(java, c)
                    .filter(Files::isRegularFile)
                    .map(TroubleshootingPageTest::text)
                    .toList();
        }
    }

    /** With a literal of several lines in one. */
    private static String text(Path file) {
        try {
            return Files.readString(file).replaceAll("\"\\s*\\+?\\s*\"", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
