package stunnel.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;

/** One case: a file that is compiled, and a file of the same name that holds the outcome. */
public record CaseFile(Path path) {
    private static final Path ROOT = Path.of("src", "test", "resources", "cases");
    private static final boolean UPDATE = "true".equals(System.getenv("UPDATE_GOLDEN"));

    /** All files of a folder whose names end so, in order. */
    public static List<CaseFile> all(String folder, String suffix) {
        try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .map(CaseFile::new)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A test for each of them, named after the file. */
    public static Stream<DynamicTest> tests(String folder, String suffix, ThrowingConsumer<CaseFile> test) {
        List<CaseFile> cases = all(folder, suffix);
        assertThat(cases).as("cases in %s that end in %s", folder, suffix).isNotEmpty();
        return cases.stream()
                .map(file -> DynamicTest.dynamicTest(file.path.getFileName().toString(), () -> test.accept(file)));
    }

    /** What is in it, byte for byte but for the encoding. */
    public String text() {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of the same name with another suffix. */
    public CaseFile sibling(String suffix) {
        String name = path.getFileName().toString();
        return new CaseFile(path.resolveSibling(name.substring(0, name.lastIndexOf('.')) + suffix));
    }

    /** Whether it is there. */
    public boolean exists() {
        return Files.exists(path);
    }

    /** Compares with the file of the same name and another suffix, or rewrites that. */
    public void expect(String suffix, String actual) {
        CaseFile expected = sibling(suffix);
        String before = expected.exists() ? expected.text() : "";
        if (UPDATE && !before.equals(actual)) {
            try {
                Files.writeString(expected.path, actual);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            fail("rewritten, look at it: " + expected.path);
        }
        assertThat(actual).as(expected.path.toString()).isEqualTo(before);
    }
}
