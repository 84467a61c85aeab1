package stunnel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of the checkout that is made. */
final class Golden {
    private static final boolean UPDATE = "true".equals(System.getenv("UPDATE_GOLDEN"));

    private Golden() {}

    static void expect(Path file, String text) throws IOException {
        if (UPDATE) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, text);
        } else {
            assertThat(Files.readString(file)).isEqualTo(text);
        }
    }

    /** After all of them. */
    static void seen() {
        assertThat(UPDATE).as("rewritten: read the difference").isFalse();
    }
}
