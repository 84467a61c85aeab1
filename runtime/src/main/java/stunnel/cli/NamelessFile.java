package stunnel.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import stunnel.runtime.posix.FileAccess;
import stunnel.runtime.posix.Posix;

/**
 * Where a command writes what we read afterwards: a file that is gone with the last process that has it.
 *
 * @param descriptor of this process, open for writing
 */
record NamelessFile(int descriptor) {

    static NamelessFile create(Posix posix) throws IOException {
        Path file = Files.createTempFile("stunnel-", ".out");
        try {
            return new NamelessFile(posix.openFile(file.toString(), FileAccess.APPEND));
        } finally {
            Files.delete(file);
        }
    }

    /** What was written so far. */
    String text() throws IOException {
        try (FileInputStream file = new FileInputStream("/proc/self/fd/" + descriptor)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
