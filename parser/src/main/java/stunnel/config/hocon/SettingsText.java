package stunnel.config.hocon;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import stunnel.diagnostic.Source;

/** Reads a file of settings: one that has an end, and no byte that is not UTF-8. */
public final class SettingsText {
    private static final long MOST_BYTES = 1L << 20;

    private SettingsText() {}

    /** The file's text, named by its path. */
    public static Source read(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("it is not a file");
        }
        if (Files.exists(path) && Files.size(path) > MOST_BYTES) {
            throw new IOException("it has more than 1 MiB");
        }
        return new Source(path.toString(), Files.readString(path));
    }

    /** Why a file could not be read, for a sentence. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return e instanceof CharacterCodingException ? "it is not UTF-8" : String.valueOf(e.getMessage());
    }
}
