package stunnel.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.config.Settings;
import stunnel.config.SettingsCompilation;
import stunnel.config.SettingsCompiler;
import stunnel.config.StartPolicy;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticText;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Width;
import stunnel.parser.Compilation;
import stunnel.parser.TunnelCompiler;
import stunnel.plan.Policy;
import stunnel.plan.TunnelPlan;

/**
 * What the compilers say to a request. No system call and no log is needed for it: this is the answer that a user at a prompt
 * waits for.
 *
 * @param plan present unless the spec has an error
 * @param settings present unless the site's settings have an error
 * @param diagnostics everything that was said about either
 * @param objection why the settings must not be used, if somebody else could have written them
 * @param files what else than the request this depends on; some are not there
 */
record Verdict(
        Optional<TunnelPlan> plan,
        Optional<Settings> settings,
        List<Diagnostic> diagnostics,
        Optional<String> objection,
        List<String> files) {
    private static final String SPEC_SOURCE = "--tunnel";

    /** Of a text that somebody reads in a terminal, and that has to fit into an answer. */
    private static final int MOST_CHARACTERS = 64 * 1024;

    static Verdict on(Request.Facts facts) {
        Source source = new Source(SPEC_SOURCE, facts.spec());
        Path prefix = Path.of(facts.prefix());
        SettingsCompilation settings = SettingsCompiler.compile(facts.options(), prefix);
        Policy policy =
                settings.settings().isPresent() ? settings.settings().get().policy() : Policy.OPEN;
        Compilation compilation = TunnelCompiler.compile(source, facts.origin(), facts.isPrivileged(), policy);
        List<Diagnostic> diagnostics = new ArrayList<>(compilation.diagnostics());
        if (settings.settings().isEmpty()) {
            diagnostics.addAll(settings.diagnostics()); // its warnings alone are for administrators
        }
        Optional<String> objection = SettingsTrust.of(prefix, facts.uid()).objection(settings);
        return new Verdict(compilation.plan(), settings.settings(), diagnostics, objection, files(settings, prefix));
    }

    /**
     * The settings, where they would also be looked for, and this program: its jars are replaced by others of their names. With
     * the directories, since those make the settings fit for use or not.
     */
    private static List<String> files(SettingsCompilation settings, Path prefix) {
        List<Path> paths = new ArrayList<>(SettingsCompiler.places(prefix));
        if (settings.siteFile().isPresent()) {
            paths.add(settings.siteFile().get());
        }
        paths.addAll(settings.included());
        paths.add(prefix.resolve("lib/java"));
        List<String> files = new ArrayList<>();
        for (Path path : paths) {
            for (Path way = path; way != null; way = way.getParent()) {
                String file = way.toString();
                if (!files.contains(file)) {
                    files.add(file);
                }
            }
        }
        return files;
    }

    /** What becomes of the job; the stricter way while the settings cannot be read, or not be trusted. */
    StartPolicy policy() {
        return settings.isPresent() && objection.isEmpty() ? settings.get().start() : StartPolicy.REQUIRE;
    }

    boolean isRefusal() {
        return objection.isPresent() || Diagnostic.anyError(diagnostics);
    }

    /** For the user; empty if there is nothing to say. */
    String text(Width width) {
        String text = new DiagnosticText(width, false).of(diagnostics, MOST_CHARACTERS);
        return objection.isPresent() ? objection.get() + text : text;
    }
}
