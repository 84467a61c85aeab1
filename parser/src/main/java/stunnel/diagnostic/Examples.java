package stunnel.diagnostic;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;

/** A text with each of the diagnostics, as it is shown; a test takes them out of the golden cases. */
final class Examples {
    private static final String FILE = "examples.txt";
    /** Headline, line, carets, hint. */
    private static final int LINES = 4;

    private Examples() {}

    /** The example of a diagnostic; each line ends in LF. */
    static String of(DiagnosticId id) {
        List<String> lines = read().lines().toList();
        for (int i = 0; i + LINES <= lines.size(); i += LINES) {
            if (lines.get(i).endsWith("[" + id.text() + "]")) {
                return String.join("\n", lines.subList(i, i + LINES)) + "\n";
            }
        }
        throw new NoSuchElementException(id.text());
    }

    private static String read() {
        try (InputStream bytes = Objects.requireNonNull(Examples.class.getResourceAsStream(FILE), FILE)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
    }
}
