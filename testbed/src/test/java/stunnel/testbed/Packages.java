package stunnel.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The packages of what is built. */
record Packages(List<Path> files) {
    /** A second build takes half a minute of processors that others use too. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Makes them; {@code options} as of {@code ./dev package}. */
    static Packages make(Testbed testbed, String... options) {
        Stream<String> command = Stream.of(testbed.checkout().resolve("dev").toString(), "package", "--as-built");
        Outcome outcome = run(Stream.concat(command, Stream.of(options)).toList());
        return new Packages(outcome.stdout().lines().map(Path::of).toList());
    }

    /** The one for {@code suffix}, ".deb" say. */
    Path file(String suffix) {
        return files.stream()
                .filter(file -> file.toString().endsWith(suffix))
                .findFirst()
                .orElseThrow();
    }

    /** Makes it readable on all hosts, and says under which path. */
    static String lend(Testbed testbed, Path file) {
        Path name = file.getFileName();
        try {
            Path hostsFolder = testbed.checkout().resolve(".testbed/bin");
            Files.copy(file, hostsFolder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "/opt/testbed/" + name;
    }

    /** Runs a command of the machine itself, which must succeed. */
    static Outcome run(List<String> command) {
        Outcome outcome = RunningCommand.start(command, "").outcome(LIMIT);
        if (outcome.exit() != 0) {
            throw new AssertionError(command + ": " + outcome);
        }
        return outcome;
    }
}
