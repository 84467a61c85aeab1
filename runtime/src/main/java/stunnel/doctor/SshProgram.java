package stunnel.doctor;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.config.SshSettings;
import stunnel.runtime.ssh.ShellWords;
import stunnel.runtime.ssh.SshTuning;

/** The ssh of the settings: that it runs, its version, and what it is told about this machine. */
final class SshProgram {
    private static final String NAME = "ssh";

    /** A session of its own that asks nobody, whatever the user's configuration says. */
    private static final List<String> PLAIN =
            List.of("BatchMode=yes", "ControlPath=none", "ClearAllForwardings=yes", "RemoteCommand=none");

    private final SshSettings settings;
    private final SshTuning tuning;
    private final Place place;

    SshProgram(SshSettings settings, Place place) {
        this.settings = settings;
        this.tuning = SshTuning.of(settings, place.prefix());
        this.place = place;
    }

    SshTuning tuning() {
        return tuning;
    }

    Check check() {
        String command = settings.command().get(0);
        Optional<Program> version = Program.run(List.of(command, "-V"));
        if (version.isEmpty() || !version.get().isSuccess()) {
            return Check.wrong(
                    NAME,
                    command + " cannot be run"
                            + version.map(said -> ": " + said.firstLine()).orElse(""),
                    "ask the administrator to correct ssh_cmd in plugstack.conf, or ssh.command in stunnel.conf");
        }
        String said = version.get().firstLine();
        if (!settings.tuned()) {
            return Check.ok(NAME, said + "; its own algorithms (ssh.tuning = stock)");
        }
        if (!tuning.options().isEmpty()) {
            return Check.ok(NAME, said + "; " + String.join(", ", tuning.options()));
        }
        boolean chosen = Files.isReadable(place.jars().resolve("ssh.options"));
        return Check.warning(
                NAME,
                said + "; its own algorithms, since "
                        + (chosen ? "it is not as it was when others were chosen" : "none were chosen"),
                "run " + place.program("stunnel-tune")
                        + " as the owner of the installation: logins take half the time");
    }

    /** What ssh would do to reach a host. Not successful if its configuration has an error. */
    Optional<Program> configuration(String host) {
        List<String> argv = new ArrayList<>(settings.command());
        argv.addAll(settings.args());
        argv.addAll(List.of("-G", "--", host));
        return Program.run(argv);
    }

    /** A login that does nothing, with ssh's own account of it. */
    Optional<Program> login(String host) {
        return login(host, List.of());
    }

    /** One that asks sshd to listen for a port that leads nowhere; only in this account stands why sshd does not. */
    Optional<Program> loginThatListens(String host) {
        return login(host, List.of("-o", "ClearAllForwardings=no", "-R", "127.0.0.1:0:localhost:1"));
    }

    private Optional<Program> login(String host, List<String> more) {
        List<String> tuned = new ArrayList<>(List.of("-v"));
        tuned.addAll(more);
        for (String option : tuning.options()) {
            tuned.addAll(List.of("-o", option));
        }
        List<String> argv = new ArrayList<>();
        tuning.library().ifPresent(library -> argv.add("LD_PRELOAD=" + library));
        argv.addAll(argv(tuned, host));
        return Program.run(argv);
    }

    /** The command that logs into a host and does nothing; for a shell of another host, whose ssh is not tuned as this one. */
    String lineTo(String host) {
        return ShellWords.of(argv(List.of(), host));
    }

    private List<String> argv(List<String> more, String host) {
        List<String> argv = new ArrayList<>(settings.command());
        argv.addAll(settings.args());
        argv.addAll(more);
        for (String option : PLAIN) {
            argv.addAll(List.of("-o", option));
        }
        argv.addAll(List.of("-o", "ConnectTimeout=" + settings.connectTimeout().toSeconds(), "-T", "--", host, "true"));
        return argv;
    }
}
