package stunnel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import stunnel.config.Settings;
import stunnel.config.SettingsCompiler;
import stunnel.runtime.TunnelDirectories;
import stunnel.runtime.posix.Posix;

/** The caller, this host's installation, its settings, and what is found by them. */
final class Site {
    private Site() {}

    /** As the plugin would read them, but for the options of its line in plugstack.conf. */
    static Settings settings(Optional<Path> conf, CommandLine command) {
        List<String> arguments = conf.isPresent() ? List.of("conf=" + conf.get().toAbsolutePath()) : List.of();
        return SettingsCompiler.compile(arguments, prefix())
                .settings()
                .orElseThrow(() ->
                        new ParameterException(command, "the settings have an error; `stunnel validate` shows it"));
    }

    /** The caller, without the native library that {@link Posix} loads. */
    static int userId() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    /** Where this command is installed. */
    static Path prefix() {
        return Path.of(System.getProperty("stunnel.prefix", "/opt/slurm-stunnel"));
    }

    static TunnelDirectories directories(Posix posix, Settings settings) throws IOException {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        return new TunnelDirectories(posix, settings.control().dir(), host);
    }
}
