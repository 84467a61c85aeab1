package stunnel.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** What tests wait for, and what they ask of the process table. */
final class Conditions {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private Conditions() {}

    /** Returns as soon as it is so, or fails. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("still not: " + what);
            }
            Thread.sleep(5);
        }
    }

    /** Pids of the living processes that have this word, or one that begins with it, on their command line. */
    static List<Long> processesNaming(Path file) {
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> commandLine(pid).stream().anyMatch(word -> word.startsWith(file.toString())))
                .toList();
    }

    /** Empty for a process that is gone, and for one that only waits to be reaped. */
    static List<String> commandLine(long pid) {
        try {
            String words = Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.UTF_8);
            return words.isEmpty() ? List.of() : Arrays.asList(words.split("\0", -1));
        } catch (IOException e) {
            return List.of();
        }
    }

    static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        } catch (NoSuchFileException e) {
            return true;
        }
    }
}
