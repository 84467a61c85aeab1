package stunnel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether somebody looks at standard output; System.console() answers for standard input too, and yes since Java 22. */
final class Terminal {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private Terminal() {}

    static boolean takesColours() {
        return System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM")) && isTerminal();
    }

    static boolean isTerminal() {
        try {
            String device = Files.readSymbolicLink(STANDARD_OUTPUT).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
