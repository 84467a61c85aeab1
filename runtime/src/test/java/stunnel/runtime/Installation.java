package stunnel.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What was built, laid out as it is installed: libexec/java, lib/java, bin/stunnel. */
public record Installation(Path prefix) {
    private static final Path BUILT = Path.of("target").toAbsolutePath();
    private static final Path SOURCES = Path.of("src/main/install").toAbsolutePath();

    /** The same place for all tests. */
    public static final Path PREFIX = BUILT.resolve("installation");

    /** What is there is replaced. */
    public static Installation fresh() throws IOException {
        Installation installation = new Installation(PREFIX);
        installation.fill();
        return installation;
    }

    private void fill() throws IOException {
        Path jars = Files.createDirectories(prefix.resolve("lib/java"));
        try (Stream<Path> built = Files.list(BUILT.resolve("lib"))) {
            for (Path file : built.toList()) {
                copy(file, jars);
            }
        }
        copy(BUILT.resolve("stunnel-runtime.jar"), jars);
        copy(SOURCES.resolve("jvm.options"), jars);
        Path programs = Files.createDirectories(prefix.resolve("libexec"));
        Files.deleteIfExists(programs.resolve("java"));
        Files.createSymbolicLink(programs.resolve("java"), Path.of(System.getProperty("java.home"), "bin", "java"));
        copy(SOURCES.resolve("stunnel"), Files.createDirectories(prefix.resolve("bin")));
    }

    private static void copy(Path file, Path directory) throws IOException {
        Files.copy(
                file,
                directory.resolve(file.getFileName()),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    /** The stunnel command. */
    public Path command() {
        return prefix.resolve("bin/stunnel");
    }

    /** The runtime's command line as the keeper has it, with further options for the JVM. */
    public List<String> runtime(String... options) {
        List<String> argv = new ArrayList<>();
        argv.add(prefix.resolve("libexec/java").toString());
        argv.add("@" + prefix.resolve("lib/java/jvm.options"));
        argv.add("-Djna.boot.library.path=" + prefix.resolve("lib/java"));
        argv.addAll(List.of(options));
        argv.addAll(
                List.of("-cp", prefix.resolve("lib/java/stunnel-runtime.jar").toString(), "stunnel.runtime.Main"));
        return argv;
    }
}
