package stunnel.runtime.ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.config.Settings;
import stunnel.config.SshSettings;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;

/**
 * The command lines of one tunnel, each an argv for exec, never a shell's line.
 *
 * @param settings the site's
 * @param tuning what ssh is told about this machine
 * @param directory the control directory, as a path
 * @param host what ssh connects to
 */
public record SshCommands(Settings settings, SshTuning tuning, String directory, String host) {
    /** The file name of the control socket. */
    static final String SOCKET = "ctl";

    /** The file name of what ssh has to say. */
    static final String LOG = "log";

    /** The file name of what the programs have to say that it runs; a ProxyCommand does for as long as the tunnel stands. */
    static final String ERRORS = "errors";

    /** The file name of what sftp is to do. */
    static final String BATCH = "batch";

    /** Talking to a master needs a host, which ssh ignores then. */
    private static final String ANY_HOST = "x";

    /** The path of the control socket. */
    public String socket() {
        return directory + "/" + SOCKET;
    }

    /**
     * Starts the master, without a forward. The site's arguments come first, since ssh takes the first of two values; ours win
     * over those of the user's ~/.ssh/config.
     */
    public List<String> start() {
        SshSettings ssh = settings.ssh();
        List<String> argv = new ArrayList<>(ssh.command());
        argv.addAll(ssh.args());
        for (String tuned : tuning.options()) {
            option(argv, tuned);
        }
        option(argv, "BatchMode=yes");
        option(argv, "ExitOnForwardFailure=yes");
        option(argv, "ClearAllForwardings=yes");
        option(argv, "ControlPersist=no");
        option(argv, "RemoteCommand=none");
        option(argv, "RequestTTY=no");
        option(argv, "PermitLocalCommand=no");
        option(argv, "ForwardAgent=no");
        option(argv, "ForwardX11=no");
        option(argv, "StreamLocalBindMask=0177");
        option(argv, "LogLevel=INFO");
        option(argv, "ConnectTimeout=" + ssh.connectTimeout().toSeconds());
        option(argv, "ServerAliveInterval=" + ssh.serverAliveInterval().toSeconds());
        option(argv, "ServerAliveCountMax=" + ssh.serverAliveCountMax());
        argv.addAll(List.of("-f", "-N", "-M", "-S", socket(), "-E", directory + "/" + LOG));
        argv.addAll(settings.helperTask().words());
        argv.add("--");
        argv.add(host);
        return argv;
    }

    /** The same, of an ssh that goes into detail, whatever the site's arguments say of that. */
    List<String> startInDetail() {
        List<String> argv = start();
        argv.addAll(settings.ssh().command().size(), List.of("-o", "LogLevel=VERBOSE"));
        return argv;
    }

    /** What the environment of the start command has besides. */
    List<String> startVariables() {
        Optional<String> library = tuning.library();
        return library.isPresent() ? List.of("LD_PRELOAD=" + library.get()) : List.of();
    }

    /** Adds all of the forwards to the master. */
    public List<String> forward(List<Forward> forwards) {
        List<String> argv = toMaster("forward");
        for (Forward forward : forwards) {
            argv.add(ForwardArgument.of(forward));
        }
        argv.add(ANY_HOST);
        return argv;
    }

    /** Takes one forward from the master; an ssh that is told to be quiet too says whether it did. */
    public List<String> cancel(Forward forward) {
        List<String> argv = toMaster("cancel");
        argv.add("-v");
        argv.add(ForwardArgument.of(forward));
        argv.add(ANY_HOST);
        return argv;
    }

    /** Asks the master whether it is there. */
    public List<String> check() {
        List<String> argv = toMaster("check");
        argv.add(ANY_HOST);
        return argv;
    }

    /**
     * Connects to the first listener at the far end, for one that a session still has whose client is gone: its sshd notices that as
     * soon as it has something to send. Empty if there is none.
     */
    public List<String> knock(List<Forward> forwards) {
        for (Forward forward : forwards) {
            if (forward.direction() == Direction.REMOTE && forward.listener() instanceof Listener.Tcp tcp) {
                Host address = tcp.bind().isAny() ? Host.LOOPBACK : tcp.bind();
                return reach(address.text() + ":" + tcp.port());
            }
        }
        return List.of();
    }

    /** Connects to {@code HOST:PORT} through the master, from its far side; without a master it leads to no host at all. */
    List<String> reach(String destination) {
        List<String> argv = toMaster();
        argv.addAll(List.of("-W", destination, "-p", "1", "127.0.0.1"));
        return argv;
    }

    /** Runs a command line on the other host over the master, and never without one. */
    List<String> execute(String commandLine) {
        List<String> argv = toMaster();
        option(argv, "ProxyCommand=false");
        argv.addAll(List.of(ANY_HOST, commandLine));
        return argv;
    }

    /** Does what the batch file says over the master, and never without one: a connection of its own ends at once. */
    public List<String> transfer() {
        String ssh = settings.ssh().command().get(0);
        int slash = ssh.lastIndexOf('/');
        List<String> argv = new ArrayList<>(List.of(ssh.substring(0, slash + 1) + "sftp", "-F", "none", "-S", ssh));
        option(argv, "ControlPath=" + socket());
        option(argv, "ProxyCommand=false");
        argv.addAll(List.of("-b", directory + "/" + BATCH, ANY_HOST));
        return argv;
    }

    /** Ends the master, and every forward with it. */
    public List<String> stop() {
        List<String> argv = toMaster("exit");
        argv.add(ANY_HOST);
        return argv;
    }

    /** No configuration file: a ControlMaster in the user's would turn the request into a new session. */
    private List<String> toMaster() {
        List<String> argv = new ArrayList<>(settings.ssh().command());
        argv.addAll(List.of("-F", "none", "-S", socket()));
        return argv;
    }

    private List<String> toMaster(String request) {
        List<String> argv = toMaster();
        argv.addAll(List.of("-O", request));
        return argv;
    }

    private static void option(List<String> argv, String value) {
        argv.add("-o");
        argv.add(value);
    }
}
