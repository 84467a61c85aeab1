package stunnel.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command that runs on a host of the testbed; what it writes is collected, and closing it ends it. */
final class RunningCommand implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<String> argv;
    private final boolean endsWithItsInput;
    private final Process process;
    private final CollectedOutput stdout;
    private final CollectedOutput stderr;

    private RunningCommand(List<String> argv, boolean endsWithItsInput, Process process) {
        this.argv = argv;
        this.endsWithItsInput = endsWithItsInput;
        this.process = process;
        this.stdout = new CollectedOutput(process.getInputStream());
        this.stderr = new CollectedOutput(process.getErrorStream());
    }

    /** Starts {@code argv} with {@code input} as its whole standard input. */
    static RunningCommand start(List<String> argv, String input) {
        RunningCommand command = startInteractive(argv);
        try (var stdin = command.process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ignored) {
            // It has ended without reading: its exit status tells more.
        }
        return command;
    }

    /** Starts {@code argv}, whose standard input is what is {@linkplain #type typed}. */
    static RunningCommand startInteractive(List<String> argv) {
        return launch(argv, false);
    }

    /** Starts a shell, which reads what is {@linkplain #type typed}, and which ends by itself when nothing more is. */
    static RunningCommand startShell(List<String> argv) {
        return launch(argv, true);
    }

    private static RunningCommand launch(List<String> argv, boolean endsWithItsInput) {
        try {
            return new RunningCommand(argv, endsWithItsInput, new ProcessBuilder(argv).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the command one more line to read. */
    void type(String line) {
        try {
            OutputStream stdin = process.getOutputStream();
            stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            stdin.flush();
        } catch (IOException e) {
            throw new AssertionError("%s reads no more: %s".formatted(argv, stderr.text()), e);
        }
    }

    /** Waits until the standard output contains {@code text}. */
    RunningCommand awaitStdout(String text) {
        return awaitText(stdout, text);
    }

    /** Waits until the standard error contains {@code text}. */
    RunningCommand awaitStderr(String text) {
        return awaitText(stderr, text);
    }

    private RunningCommand awaitText(CollectedOutput output, String text) {
        boolean seen = Await.within(LIMIT, () -> output.text().contains(text) || !process.isAlive());
        if (!seen || !output.complete(!process.isAlive()).contains(text)) {
            throw new AssertionError("\"%s\" was not written by %s%nstdout: %s%nstderr: %s"
                    .formatted(text, argv, stdout.text(), stderr.text()));
        }
        return this;
    }

    /** What it has written so far to its standard output. */
    String stdout() {
        return stdout.text();
    }

    /** What it has written so far to its standard error. */
    String stderr() {
        return stderr.text();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Sends SIGTERM to the command. Unlike {@link Process#destroy} this leaves us its output. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** Sends SIGKILL to the command. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Waits for the end. */
    Outcome outcome() {
        return outcome(LIMIT);
    }

    /** Waits for the end of a command that may take {@code limit}. */
    Outcome outcome(Duration limit) {
        try {
            if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                kill();
                throw new AssertionError("still running after %s: %s%nstdout: %s%nstderr: %s"
                        .formatted(limit, argv, stdout.text(), stderr.text()));
            }
            return new Outcome(process.exitValue(), stdout.complete(true), stderr.complete(true));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /**
     * Ends the command as a user would, and by force if that takes too long. Nothing is sent to a shell that is about to
     * end: salloc 22.05 waits forever, and busily, for its command if SIGTERM comes while that ends.
     */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException ignored) {
            // It has ended, or will read no more.
        }
        if (!endsWithItsInput || !Await.within(PATIENCE, () -> !process.isAlive())) {
            terminate();
        }
        if (!Await.within(PATIENCE, () -> !process.isAlive())) {
            kill();
        }
        outcome();
    }
}
