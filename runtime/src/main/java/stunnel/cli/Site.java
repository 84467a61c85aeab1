package stunnel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import stunnel.runtime.posix.Posix;

/** The caller, this host and its installation. */
final class Site {
    private Site() {}

    /** The caller, without the native library that {@link Posix} loads. */
    static int userId() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /** Where this command is installed. */
    static Path prefix() {
        return Path.of(System.getProperty("stunnel.prefix", "/opt/slurm-stunnel"));
    }

    /** This host's name. */
    static String host() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    }
}
