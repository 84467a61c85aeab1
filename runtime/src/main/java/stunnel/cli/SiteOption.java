package stunnel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stunnel.config.Settings;
import stunnel.config.SettingsCompilation;
import stunnel.config.SettingsCompiler;
import stunnel.lint.Linter;
import stunnel.runtime.OwnCommand;
import stunnel.runtime.TunnelDirectories;
import stunnel.runtime.posix.Posix;

/** Which stunnel.conf counts, and what is found by it. */
final class SiteOption {
    @Option(names = "--conf", paramLabel = "FILE", description = "The stunnel.conf to use instead of the site's.")
    private Optional<Path> conf = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** The one that was named; whoever asks learns that it can be read. */
    Optional<Path> conf() {
        if (conf.isPresent() && !Files.isReadable(conf.get())) {
            throw wrong("--conf: " + conf.get() + " cannot be read");
        }
        return conf;
    }

    /** What it is as an option of the plugstack line. */
    List<String> pluginArguments() {
        return conf().isPresent() ? List.of("conf=" + conf().get().toAbsolutePath()) : List.of();
    }

    /** As the plugin reads them, with what its line in plugstack.conf says, unless a file was named. */
    Settings settings() throws IOException {
        SettingsCompilation site = conf().isPresent()
                ? SettingsCompiler.compile(pluginArguments(), Site.prefix())
                : new Linter(Path.of("/"), Site.prefix(), Site.userId() == 0).systemSettings();
        return site.settings()
                .orElseThrow(() -> wrong("the settings have an error; " + OwnCommand.quoted("validate") + " shows it"));
    }

    TunnelDirectories directories(Posix posix) throws IOException {
        return new TunnelDirectories(posix, settings().control().dir(), Site.host());
    }

    private ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
