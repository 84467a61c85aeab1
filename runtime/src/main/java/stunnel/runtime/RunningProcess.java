package stunnel.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A process as proc(5) tells of it.
 *
 * @param pid its number, which may be another's once it has ended
 */
public record RunningProcess(int pid) {
    private static final String SLURMSTEPD = "slurmstepd";

    /** This process. Java's own ProcessHandle prepares a pool of threads first, while a user waits for the tunnel. */
    public static RunningProcess own() {
        try {
            return new RunningProcess(Integer.parseInt(
                    Files.readSymbolicLink(Path.of("/proc/self")).toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it has not ended yet; one that only waits to be reaped has. */
    public boolean isAlive() {
        return status("State")
                .map(state -> !state.startsWith("Z") && !state.startsWith("X"))
                .orElse(false);
    }

    /** The process that started it, or has it now. */
    public Optional<RunningProcess> parent() {
        Optional<String> parent = status("PPid");
        return parent.isPresent() ? Optional.of(new RunningProcess(Integer.parseInt(parent.get()))) : Optional.empty();
    }

    /** The program's name, of which the kernel keeps 15 bytes. */
    public String name() {
        return status("Name").orElse("");
    }

    /** Its arguments, the program first; empty if they cannot be read. */
    public List<String> arguments() {
        try {
            return List.of(Files.readString(file("cmdline")).split("\0"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Whether a step of a job started it, or started what did: then its host is a node of the job. */
    public boolean isOfAJob() {
        Optional<RunningProcess> above = parent();
        while (above.isPresent() && above.get().pid > 0) {
            if (above.get().name().equals(SLURMSTEPD)) {
                return true;
            }
            above = above.get().parent();
        }
        return false;
    }

    /** No stream and no lambda: they would be linked at run time. */
    private Optional<String> status(String key) {
        try {
            for (String line : Files.readAllLines(file("status"))) {
                if (line.startsWith(key + ":")) {
                    return Optional.of(line.substring(key.length() + 1).strip());
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Path file(String name) {
        return Path.of("/proc/" + pid + "/" + name);
    }
}
