package stunnel.doctor;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stunnel.runtime.posix.ExitStatus;
import stunnel.runtime.posix.FileAccess;
import stunnel.runtime.posix.Pipe;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.PosixException;
import stunnel.runtime.posix.Signal;
import stunnel.runtime.posix.SpawnRequest;

/**
 * One run of a program that is asked something.
 *
 * @param status its exit status
 * @param lines what it wrote, to whichever output
 */
record Program(int status, List<Line> lines) {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    /** Exit statuses of env(1), of a program that is not there, and of one that cannot be run. */
    private static final int NOT_FOUND = 127;

    private static final int NOT_EXECUTABLE = 126;

    /**
     * One line of it.
     *
     * @param text without control characters
     * @param nanos when it was read, in terms of {@link System#nanoTime}
     */
    record Line(String text, long nanos) {}

    Program {
        lines = List.copyOf(lines);
    }

    /** Runs it to its end, or for 15 s, with nothing to read; {@code KEY=VALUE} may stand in front of it, as for env(1). Empty if there is no such program. */
    static Optional<Program> run(List<String> argv) {
        Posix posix = Posix.system();
        try {
            Pipe pipe = posix.openPipe();
            try (InputStream output = new FileInputStream("/proc/self/fd/" + pipe.reading())) {
                return end(posix, start(posix, argv, pipe), output);
            } finally {
                posix.close(pipe.reading());
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static int start(Posix posix, List<String> argv, Pipe pipe) throws IOException {
        int input = posix.openFile("/dev/null", FileAccess.READ);
        try {
            return posix.spawn(
                    new SpawnRequest(withoutJob(argv), Map.of(0, input, 1, pipe.writing(), 2, pipe.writing())));
        } finally {
            posix.close(input);
            posix.close(pipe.writing());
        }
    }

    /** What the job around us was given, and its --tunnel, are not meant for Slurm's commands here. */
    private static List<String> withoutJob(List<String> argv) {
        List<String> all = new ArrayList<>(List.of("env"));
        for (String key : System.getenv().keySet()) {
            if (key.startsWith("SLURM_") && !key.equals("SLURM_CONF")) {
                all.add("--unset=" + key);
            }
        }
        all.addAll(argv);
        return all;
    }

    private static Optional<Program> end(Posix posix, int pid, InputStream output) throws IOException {
        Thread watchdog = new Thread(() -> killLate(posix, pid), "watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        List<Line> lines = read(output);
        posix.awaitEnd(pid);
        watchdog.interrupt();
        try {
            // The pid is not given to another process before it is reaped, and nobody kills it from here on.
            watchdog.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ExitStatus status = posix.reap(pid);
        return status.code() == NOT_FOUND || status.code() == NOT_EXECUTABLE
                ? Optional.empty()
                : Optional.of(new Program(status.isSuccess() ? 0 : Math.max(1, status.code()), lines));
    }

    private static void killLate(Posix posix, int pid) {
        try {
            Thread.sleep(LIMIT.toMillis());
            posix.kill(-pid, Signal.KILL);
        } catch (InterruptedException | PosixException e) {
            // It has ended by itself.
        }
    }

    private static List<Line> read(InputStream output) throws IOException {
        List<Line> lines = new ArrayList<>();
        BufferedReader reader = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lines.add(new Line(line.stripTrailing().replaceAll("\\p{Cntrl}", "?"), System.nanoTime()));
        }
        return lines;
    }

    boolean isSuccess() {
        return status == 0;
    }

    /** When it first wrote a line with these words. */
    Optional<Long> nanosOf(String words) {
        return lines.stream()
                .filter(line -> line.text().contains(words))
                .map(Line::nanos)
                .findFirst();
    }

    boolean says(String words) {
        return nanosOf(words).isPresent();
    }

    /** The first line that says something. */
    String firstLine() {
        return lines.stream()
                .map(Line::text)
                .filter(line -> !line.isBlank())
                .findFirst()
                .orElse("it says nothing, and its exit status is " + status);
    }

    /** The value behind the key at the beginning of a line. */
    Optional<String> value(String key) {
        return lines.stream()
                .map(Line::text)
                .filter(line -> line.startsWith(key + " "))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst();
    }
}
