package stunnel.lint;

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
import stunnel.config.StartPolicy;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Source;
import stunnel.parser.syntax.Word;

/** The lines that load a plugin: whether it is there, and everything about the lines that load this one. */
final class PluginLine {
    private static final String CORRECT = "correct the path, or install the plugin first";
    private static final String WRITE = "write the whole path, or link the plugin into PluginDir of slurm.conf";

    private final Plugins plugins;
    private final SshProgram ssh;
    private final Path prefix;
    private final Path systemFolder;
    private Optional<String> loaded = Optional.empty();
    /** The files that load it, with those that include them. */
    private final Set<Path> loading = new HashSet<>();

    private Optional<SettingsCompilation> settings = Optional.empty();
    private List<PluginArgument> options = List.of();

    /**
     * No line seen yet.
     *
     * @param prefix of the installation whose settings count where the plugin's own is not known
     * @param systemFolder where stunnel.conf may be
     */
    PluginLine(Plugins plugins, SshProgram ssh, Path prefix, Path systemFolder) {
        this.plugins = plugins;
        this.ssh = ssh;
        this.prefix = prefix;
        this.systemFolder = systemFolder;
    }

    /** Checks a line; what is wrong with the settings, which may stand in another file, comes back. */
    List<Diagnostic> lint(boolean required, List<Word> words, List<Path> open, Findings findings) {
        Word path = words.get(1);
        Optional<Path> file = plugins.find(path.text());
        if (file.isEmpty()) {
            reportMissing(path, required, findings);
        }
        if (!Plugins.isOurs(path.text(), file)) {
            return List.of();
        }
        List<PluginArgument> written = PluginOptions.whole(words.subList(2, words.size()), findings);
        loading.addAll(open);
        if (loaded.isPresent()) {
            findings.add(DiagnosticId.PLUGIN_TWICE, path.span(), "by " + loaded.get());
            return SettingsCompiler.check(written);
        }
        loaded = Optional.of(place(findings.source(), path));
        options = List.copyOf(written);
        SettingsCompilation compiled =
                SettingsCompiler.compile(written, file.flatMap(Plugins::prefix).orElse(prefix), systemFolder);
        settings = Optional.of(compiled);
        if (!required && waits(compiled.settings())) {
            findings.add(DiagnosticId.OPTIONAL_PLUGIN, words.get(0).span());
        }
        List<Diagnostic> found = new ArrayList<>(compiled.diagnostics());
        found.addAll(ssh.check(written, compiled));
        return found;
    }

    /** Whether a file, or one that it includes, loads the plugin. */
    boolean isLoadedBelow(Path file) {
        return loading.contains(file);
    }

    /** The settings that the plugin has with its line, if there is one. */
    Optional<SettingsCompilation> settings() {
        return settings;
    }

    /** The options of its line. */
    List<PluginArgument> options() {
        return options;
    }

    private void reportMissing(Word path, boolean required, Findings findings) {
        if (!path.text().startsWith("/")) {
            if (required && plugins.isNowhere(path.text())) {
                findings.add(DiagnosticId.PLUGIN_MISSING, path.span(), path.text() + " in PluginDir", WRITE);
            } else {
                findings.add(DiagnosticId.RELATIVE_PLUGIN, path.span(), path.text());
            }
        } else if (required) {
            findings.add(DiagnosticId.PLUGIN_MISSING, path.span(), path.text(), CORRECT);
        } else {
            findings.add(DiagnosticId.PLUGIN_SKIPPED, path.span(), path.text(), CORRECT);
        }
    }

    private static String place(Source source, Word path) {
        return "line " + source.position(path.span().start()).line() + " of " + source.name();
    }

    private static boolean waits(Optional<Settings> settings) {
        return settings.isPresent() && settings.get().start() == StartPolicy.REQUIRE;
    }
}
