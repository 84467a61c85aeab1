package stunnel.lint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import stunnel.config.PluginArgument;
import stunnel.config.Settings;
import stunnel.config.SettingsCompilation;
import stunnel.config.SettingsCompiler;
import stunnel.config.hocon.SettingsText;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.Source;
import stunnel.parser.TunnelCompiler;
import stunnel.plan.Origin;
import stunnel.plan.Policy;

/** Collects what is wrong in any number of files and values; each thing once, however many ways lead to it. */
public final class Linter {
    private static final Path SLURM = Path.of("etc", "slurm");

    private final Root root;
    private final SshProgram ssh;
    private final Path prefix;
    private final boolean privileged;
    private final Set<String> known = new HashSet<>();
    private final Set<Path> settings = new HashSet<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private Optional<SettingsCompilation> loaded = Optional.empty();
    private List<PluginArgument> loadedOptions = List.of();
    /** The site's, once there was a value to judge by it. */
    private Optional<Policy> policy = Optional.empty();

    private boolean policyKnown = true;

    /**
     * Nothing looked at yet.
     *
     * @param root of the file system that absolute paths are about
     * @param prefix of the installation whose settings count where a plugin's own is not known
     * @param privileged whether the jobs' user is uid 0, who may listen below port 1024
     */
    public Linter(Path root, Path prefix, boolean privileged) {
        this.root = new Root(root);
        this.ssh = new SshProgram(this.root);
        this.prefix = prefix;
        this.privileged = privileged;
    }

    /** A file; what it is shows in its name and its text. An exception says, for a sentence, why it cannot be read. */
    public void file(Path path) throws IOException {
        try {
            Source source = TextFile.read(path);
            if (FileKind.of(source) == FileKind.SETTINGS) {
                settings(path);
            } else {
                text(source, path);
            }
        } catch (IOException e) {
            throw new IOException(path + " cannot be read: " + TextFile.reason(e), e);
        }
    }

    /** A text that is no file; what it includes is looked for beside the working folder's files. */
    public void text(Source source) {
        text(source, Path.of(source.name()));
    }

    /** A value of {@code --tunnel}. */
    public void spec(String value) {
        Source source = new Source("--tunnel", value);
        add(TunnelCompiler.compile(source, Origin.SRUN, privileged, policy()).diagnostics());
    }

    /** The plugstack.conf and the stunnel.conf of the system that are there. */
    public List<Path> systemFiles() {
        List<Path> files = new ArrayList<>();
        Path folder = root.path().resolve(SLURM);
        systemPlugstack().filter(Files::exists).ifPresent(files::add);
        for (Path conf :
                List.of(folder.resolve("stunnel.conf"), prefix.resolve("etc").resolve("stunnel.conf"))) {
            if (Files.exists(conf)) {
                files.add(conf);
            }
        }
        return files;
    }

    /** Where the system's plugstack.conf is, or would be. */
    public Optional<Path> systemPlugstack() {
        Path folder = root.path().resolve(SLURM);
        String plugstack =
                SlurmConf.of(folder.resolve("slurm.conf")).plugstack().orElse("plugstack.conf");
        return root.resolve(folder, plugstack);
    }

    /**
     * The settings that the plugin has on this system: with the line of its plugstack.conf that loads it, if there is one. An exception
     * says, for a sentence, why that file cannot be read.
     */
    public SettingsCompilation systemSettings() throws IOException {
        Optional<Path> plugstack = systemPlugstack().filter(Files::exists);
        if (plugstack.isPresent()) {
            file(plugstack.get());
        }
        return loaded.orElseGet(
                () -> SettingsCompiler.compile(List.of(), prefix, root.path().resolve(SLURM)));
    }

    /** The settings that the plugin has with the line that loads it; empty if no line was seen that does. */
    public Optional<SettingsCompilation> loaded() {
        return loaded;
    }

    /** The options of that line. */
    public List<PluginArgument> loadedOptions() {
        return loadedOptions;
    }

    /** Everything that was found, in the order in which it was looked at. */
    public List<Diagnostic> diagnostics() {
        return List.copyOf(diagnostics);
    }

    /** Whether the values that were looked at, if any were, were judged by the site's policy: not if its settings have an error. */
    public boolean isPolicyKnown() {
        return policyKnown;
    }

    private Policy policy() {
        if (policy.isEmpty()) {
            Optional<Settings> site = Optional.empty();
            try {
                // What is wrong there is not what was asked.
                site = new Linter(root.path(), prefix, privileged)
                        .systemSettings()
                        .settings();
            } catch (IOException e) {
                // As after an error in them.
            }
            policyKnown = site.isPresent();
            policy = Optional.of(site.map(Settings::policy).orElse(Policy.OPEN));
        }
        return policy.get();
    }

    private void text(Source source, Path path) {
        switch (FileKind.of(source)) {
            case PLUGSTACK -> plugstack(source, path);
            case SETTINGS -> settings(source);
            case JOB_SCRIPT -> add(JobScript.lint(source, privileged, policy()));
        }
    }

    private void settings(Path path) throws IOException {
        if (settings.add(path.toAbsolutePath())) {
            // The runtime is stricter than Slurm with bytes that are not UTF-8.
            settings(SettingsText.read(path));
        }
    }

    private void settings(Source source) {
        add(SettingsCompiler.compile(source).diagnostics());
        add(ssh.check(source));
    }

    private void plugstack(Source source, Path path) {
        Path folder = path.toAbsolutePath().getParent();
        Path beside = (folder == null ? root.path() : folder).resolve("slurm.conf");
        Path system = root.path().resolve(SLURM);
        SlurmConf conf = SlurmConf.of(Files.exists(beside) ? beside : system.resolve("slurm.conf"));
        PluginLine plugins = new PluginLine(new Plugins(root, conf), ssh, prefix, system);
        add(new Plugstack(root, plugins).lint(source, path));
        plugins.settings()
                .flatMap(SettingsCompilation::siteFile)
                .ifPresent(file -> settings.add(file.toAbsolutePath()));
        if (plugins.settings().isPresent()) {
            loaded = plugins.settings();
            loadedOptions = plugins.options();
        }
    }

    private void add(List<Diagnostic> found) {
        for (Diagnostic diagnostic : found) {
            String place = diagnostic.source().name() + '\0' + diagnostic.span().start();
            if (known.add(place + ' ' + diagnostic.id().text() + ' ' + diagnostic.arguments())) {
                diagnostics.add(diagnostic);
            }
        }
    }
}
