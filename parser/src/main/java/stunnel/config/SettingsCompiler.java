package stunnel.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import stunnel.config.hocon.HoconFile;
import stunnel.config.hocon.HoconValue;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.Source;
import stunnel.plan.Policy;

/** The compiler of the site's settings: plugstack options win over stunnel.conf, and that over reference.conf. */
public final class SettingsCompiler {
    private static final Path SYSTEM_FOLDER = Path.of("/etc/slurm");
    private static final int LONGEST_CONTROL_DIR = 50;
    private static final int LONGEST_PATH = 4_000;
    private static final int MINUTE = 60;
    private static final int HOUR = 3_600;

    /** As they stand in the file, and file by file. */
    private static final Comparator<Diagnostic> IN_ORDER = new Comparator<>() {
        @Override
        public int compare(Diagnostic one, Diagnostic two) {
            int files = one.source().name().compareTo(two.source().name());
            return files != 0
                    ? files
                    : Integer.compare(one.span().start(), two.span().start());
        }
    };

    private SettingsCompiler() {}

    /**
     * Reads and checks the settings; no environment variable and no system property changes them.
     *
     * @param pluginArguments the options of the plugstack line, in order
     * @param prefix where the plugin is installed
     */
    public static SettingsCompilation compile(List<String> pluginArguments, Path prefix) {
        List<PluginArgument> arguments = new ArrayList<>();
        for (String text : pluginArguments) {
            arguments.add(PluginArgument.of(text, arguments.size() + 1));
        }
        return compile(arguments, prefix, SYSTEM_FOLDER);
    }

    /**
     * The same for options that stand in a file.
     *
     * @param pluginArguments the options of the plugstack line, in order
     * @param prefix where the plugin is installed
     * @param systemFolder what stands for {@code /etc/slurm}
     */
    public static SettingsCompilation compile(List<PluginArgument> pluginArguments, Path prefix, Path systemFolder) {
        PluginArgumentsCompiler options = new PluginArgumentsCompiler();
        for (PluginArgument argument : pluginArguments) {
            options.add(argument);
        }
        PluginArguments arguments = options.finished();
        List<Diagnostic> diagnostics = new ArrayList<>(options.diagnostics());
        Optional<ConfPath> conf = SiteFile.find(arguments.conf(), SiteFile.places(systemFolder, prefix));
        Optional<Path> path = conf.isPresent() ? Optional.of(conf.get().path()) : Optional.empty();
        Optional<HoconFile> image = SettingsImage.read(prefix, path);
        if (image.isPresent()) {
            return compile(image.get(), image.get(), path, arguments, diagnostics);
        }
        Optional<SiteFile> site = conf.isPresent() ? SiteFile.read(conf.get(), diagnostics) : Optional.empty();
        path = site.isPresent() ? path : Optional.empty();
        HoconFile defaults = defaults();
        return compile(site.isPresent() ? file(site.get()) : defaults, defaults, path, arguments, diagnostics);
    }

    /**
     * The same with another settings file than options that stand in a file name, or leave to be found.
     *
     * @param pluginArguments the options of the plugstack line, in order
     * @param conf the settings file
     */
    public static SettingsCompilation compileWith(List<PluginArgument> pluginArguments, Path conf) {
        List<PluginArgument> arguments = new ArrayList<>();
        for (PluginArgument argument : pluginArguments) {
            if (!argument.text().startsWith("conf=")) {
                arguments.add(argument);
            }
        }
        arguments.add(PluginArgument.of("conf=" + conf.toAbsolutePath(), pluginArguments.size() + 1));
        return compile(arguments, SYSTEM_FOLDER, SYSTEM_FOLDER);
    }

    /** Where the settings are, unless the plugstack line names another file. */
    public static List<Path> places(Path prefix) {
        return SiteFile.places(SYSTEM_FOLDER, prefix);
    }

    /** What is wrong with options by themselves, whatever the settings file says. */
    public static List<Diagnostic> check(List<PluginArgument> pluginArguments) {
        PluginArgumentsCompiler options = new PluginArgumentsCompiler();
        for (PluginArgument argument : pluginArguments) {
            options.add(argument);
        }
        return List.copyOf(options.diagnostics());
    }

    /**
     * A settings file by itself.
     *
     * @param source its text, named by its path: what it includes is found beside it
     */
    public static SettingsCompilation compile(Source source) {
        PluginArguments none = new PluginArgumentsCompiler().finished();
        return compile(HoconFile.of(Reference.SOURCE, source), defaults(), Optional.empty(), none, new ArrayList<>());
    }

    /** What a settings file says by itself, over the defaults; empty if it cannot be read to its end. */
    public static List<HoconValue> values(Source source) {
        return HoconFile.of(Reference.SOURCE, source).values();
    }

    /** What a settings file says, or the defaults without one; empty if there is anything to say about it. */
    static Optional<HoconFile> sound(Optional<Path> path) {
        List<Diagnostic> diagnostics = new ArrayList<>();
        Optional<ConfPath> conf = SiteFile.find(Optional.empty(), path.isPresent() ? List.of(path.get()) : List.of());
        Optional<SiteFile> site = conf.isPresent() ? SiteFile.read(conf.get(), diagnostics) : Optional.empty();
        HoconFile file = site.isPresent() ? file(site.get()) : defaults();
        PluginArguments none = new PluginArgumentsCompiler().finished();
        compile(file, defaults(), path, none, diagnostics);
        return diagnostics.isEmpty() ? Optional.of(file) : Optional.empty();
    }

    private static SettingsCompilation compile(
            HoconFile file,
            HoconFile defaults,
            Optional<Path> path,
            PluginArguments arguments,
            List<Diagnostic> diagnostics) {
        Settings settings = settings(file, defaults, arguments, diagnostics);
        return new SettingsCompilation(
                Diagnostic.anyError(diagnostics) ? Optional.empty() : Optional.of(settings),
                path,
                file.included(),
                diagnostics);
    }

    private static HoconFile file(SiteFile site) {
        return HoconFile.of(Reference.SOURCE, site.source());
    }

    private static HoconFile defaults() {
        return HoconFile.of(Reference.SOURCE);
    }

    private static Settings settings(
            HoconFile file, HoconFile defaults, PluginArguments arguments, List<Diagnostic> diagnostics) {
        diagnostics.addAll(file.diagnostics());
        KnownValues known = KnownValues.of(file.values(), defaults.values());
        SettingsReader reader = new SettingsReader(known.values());
        Settings settings = read(reader, arguments);
        List<Diagnostic> found = new ArrayList<>(known.diagnostics());
        found.addAll(reader.diagnostics());
        found.sort(IN_ORDER);
        diagnostics.addAll(found);
        return settings;
    }

    private static Settings read(SettingsReader reader, PluginArguments arguments) {
        List<String> command = reader.command("ssh.command", "ssh.command = [ssh]");
        List<String> args = reader.options("ssh.args", "ssh.args = [\"-o\", \"Port=2222\"]");
        SshSettings ssh = new SshSettings(
                arguments.sshCommand().orElse(command),
                arguments.sshArgs().orElse(args),
                reader.choice("ssh.tuning", List.of("fast", "stock")).equals("fast"),
                reader.duration("ssh.connect-timeout", 1, 10 * MINUTE),
                reader.duration("ssh.server-alive-interval", 1, HOUR),
                reader.integer("ssh.server-alive-count-max", 1, 100),
                reader.duration("ssh.start-timeout", 1, MINUTE));
        ControlSettings control =
                new ControlSettings(reader.path("control.dir", LONGEST_CONTROL_DIR, "control.dir = \"/tmp\""));
        Policy policy = new PolicyReader(reader).read();
        StartPolicy start = StartPolicy.of(reader.choice("start", List.of("require", "warn")));
        LogSettings log = new LogSettings(
                reader.flag("log.announce"),
                reader.flag("log.audit"),
                LogLevel.of(reader.choice("log.level", List.of("off", "error", "info", "debug"))),
                reader.optionalPath("log.file", LONGEST_PATH, "log.file = \"/var/log/stunnel/%u.log\""));
        Optional<String> loginHost = reader.host("login.host", "login.host = \"login.example.org\"");
        return new Settings(ssh, control, policy, start, log, loginHost, arguments.helperTask());
    }

    /** The defaults, read where they are parsed: the settings may have been kept. */
    private static final class Reference {
        static final Source SOURCE = read("reference.conf");

        private static Source read(String name) {
            try (InputStream bytes =
                    Objects.requireNonNull(SettingsCompiler.class.getResourceAsStream("/" + name), name)) {
                return new Source(name, new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(name, e);
            }
        }
    }
}
