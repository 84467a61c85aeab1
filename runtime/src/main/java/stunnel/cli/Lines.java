package stunnel.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of UTF-8 that end in LF and in nothing else; CR and blanks stay, and the last line may lack its LF. */
final class Lines {
    private final InputStream stream;

    /** Reads byte by byte: the stream should be buffered. */
    Lines(InputStream stream) {
        this.stream = stream;
    }

    /** The next line; empty at the end. A byte that is no UTF-8 becomes U+FFFD, which no grammar accepts. */
    Optional<String> next() throws IOException {
        int b = stream.read();
        if (b < 0) {
            return Optional.empty();
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (b >= 0 && b != '\n') {
            line.write(b);
            b = stream.read();
        }
        return Optional.of(line.toString(StandardCharsets.UTF_8));
    }
}
