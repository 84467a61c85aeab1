package stunnel.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One output stream of a command, read by a thread of its own so that the command never waits for us. */
final class CollectedOutput {
    private final StringBuilder text = new StringBuilder();
    private final Thread reader;

    /** Starts reading. */
    CollectedOutput(InputStream stream) {
        reader = new Thread(() -> read(stream), "output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read(InputStream stream) {
        try (var characters = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
            char[] buffer = new char[8192];
            for (int count = characters.read(buffer); count >= 0; count = characters.read(buffer)) {
                append(buffer, count);
            }
        } catch (IOException ignored) {
            // The stream of a killed command may break instead of ending.
        }
    }

    private synchronized void append(char[] characters, int count) {
        text.append(characters, 0, count);
    }

    /** What has been written so far. */
    synchronized String text() {
        return text.toString();
    }

    /** The text; once the command has {@code ended}, all of it. */
    String complete(boolean ended) {
        if (ended) {
            // Somebody whom the command left behind may hold the stream open: do not wait for him for ever.
            Await.within(Duration.ofSeconds(5), () -> !reader.isAlive());
        }
        return text();
    }
}
