package stunnel.lint;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import stunnel.config.hocon.SettingsText;
import stunnel.diagnostic.Source;

/** Reads a whole file; what is no UTF-8 becomes U+FFFD, since Slurm does not mind either. */
final class TextFile {
    private static final long MOST_BYTES = 16L << 20;

    private TextFile() {}

    static Source read(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("it is not a file");
        }
        if (Files.exists(path) && Files.size(path) > MOST_BYTES) {
            throw new IOException("it has more than 16 MiB");
        }
        return new Source(path.toString(), new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
    }

    /** Why a file could not be read, for a sentence. */
    static String reason(IOException e) {
        return SettingsText.reason(e);
    }
}
