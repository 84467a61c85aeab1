package stunnel.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticText;
import stunnel.diagnostic.Width;
import stunnel.runtime.posix.Posix;

/** Whether somebody looks at a stream, and what may go there; System.console() answers for standard input too, and yes since Java 22. */
enum Terminal {
    /** Standard output. */
    OUTPUT(1),
    /** Standard error. */
    ERROR(2);

    private static final Pattern WIDTH = Pattern.compile("[1-9]\\d{0,4}");

    private final int descriptor;

    Terminal(int descriptor) {
        this.descriptor = descriptor;
    }

    boolean isTerminal() {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor)))
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** As no-color.org has it, and never on a terminal that has none. */
    boolean takesColours() {
        return variable("NO_COLOR").isEmpty() && !variable("TERM").equals("dumb") && isTerminal();
    }

    /** COLUMNS, which somebody has set, say watch(1), goes before what the terminal says. */
    Width width() {
        String wanted = variable("COLUMNS");
        if (WIDTH.matcher(wanted).matches()) {
            return new Width(Integer.parseInt(wanted));
        }
        try {
            return isTerminal() ? new Width(Posix.system().columns(descriptor)) : Width.ANY;
        } catch (RuntimeException | LinkageError e) {
            return Width.ANY; // without the native library, which the doctor tells
        }
    }

    /** How diagnostics are written there. */
    DiagnosticText diagnosticText() {
        return new DiagnosticText(width(), takesColours());
    }

    void print(List<Diagnostic> diagnostics) {
        PrintStream stream = this == OUTPUT ? System.out : System.err;
        stream.print(diagnosticText().of(diagnostics));
    }

    /** A message on standard error. */
    static void tell(String message) {
        System.err.println(ERROR.width().folded(message));
    }

    private static String variable(String name) {
        String value = System.getenv(name);
        return value == null ? "" : value;
    }
}
