package stunnel.runtime;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** What the keeper starts: requests on standard input, answers on standard output, and nothing else there. */
public final class Main {
    private Main() {}

    /** Takes no arguments; status 1 means that the keeper and this process did not understand each other. */
    public static void main(String[] args) {
        OutputStream answers = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err);
        int status = 1;
        try {
            new Session(new BufferedInputStream(new FileInputStream(FileDescriptor.in)), answers).run();
            status = 0;
        } catch (IOException e) {
            System.err.println(OwnCommand.NAME + ": " + e.getMessage());
        } finally {
            // Shutdown hooks and other threads have nothing to add, and the keeper is waiting.
            Runtime.getRuntime().halt(status);
        }
    }
}
