package stunnel.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The tests of all modules, which pages of the documentation name. */
final class TestSources {
    private static final Path CHECKOUT = Path.of("..");
    private static final List<String> FOLDERS = List.of(
            "parser/src/test", "runtime/src/test", "testbed/src/test", "native-launcher/tests", "native-launcher/fuzz");

    private TestSources() {}

    /** The text of the file with this name, {@code FooIT.java} or {@code foo_test.c}. */
    static Optional<String> find(String name) {
        for (String folder : FOLDERS) {
            try (Stream<Path> files = Files.walk(CHECKOUT.resolve(folder))) {
                Optional<Path> found = files.filter(file -> file.endsWith(name)).findFirst();
                if (found.isPresent()) {
                    return Optional.of(Files.readString(found.get()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Optional.empty();
    }
}
