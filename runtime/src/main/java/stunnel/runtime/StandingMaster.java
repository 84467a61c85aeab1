package stunnel.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.helpers.NOPLogger;
import stunnel.config.Settings;
import stunnel.config.SettingsCompiler;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.ssh.ControlDirectory;
import stunnel.runtime.ssh.Master;
import stunnel.runtime.ssh.Redirections;
import stunnel.runtime.ssh.SshCommands;
import stunnel.runtime.ssh.SshTuning;
import stunnel.runtime.ssh.TunnelFailure;

/**
 * The ssh of a tunnel that stands, for who did not open it.
 *
 * @param settings as the plugin had them
 * @param commands what can be said to it
 * @param directory where it listens
 * @param redirections of what is said: none
 * @param master the process itself
 */
record StandingMaster(
        Settings settings, SshCommands commands, ControlDirectory directory, Redirections redirections, Master master)
        implements AutoCloseable {

    /** By what the keeper wrote of it in its directory. */
    static StandingMaster of(Posix posix, String path, Message state) throws TunnelFailure, IOException {
        Request.Facts facts = Request.of(state).facts();
        Path prefix = Path.of(facts.prefix());
        // As the plugin had them, so with the options of its line in plugstack.conf.
        Optional<Settings> compiled =
                SettingsCompiler.compile(facts.options(), prefix).settings();
        if (compiled.isEmpty()) {
            throw TunnelFailure.of("the settings have an error", OwnCommand.quoted("validate") + " shows it");
        }
        Settings settings = compiled.get();
        SshTuning tuning = SshTuning.of(settings.ssh(), prefix);
        String target = TunnelReport.details(state).routes().target();
        SshCommands commands = new SshCommands(settings, tuning, path, target);
        ControlDirectory directory = ControlDirectory.open(posix, path);
        Redirections redirections = Redirections.none(posix);
        Master master = new Master(posix, NOPLogger.NOP_LOGGER, commands, directory, redirections);
        return new StandingMaster(settings, commands, directory, redirections, master);
    }

    @Override
    public void close() throws IOException {
        redirections.close();
        directory.close();
    }
}
