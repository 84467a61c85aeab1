package stunnel.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import stunnel.config.Settings;
import stunnel.config.SettingsCompilation;
import stunnel.config.SettingsCompiler;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.Position;
import stunnel.diagnostic.Severity;
import stunnel.lint.Linter;
import stunnel.runtime.SettingsTrust;

/** plugstack.conf, the settings, and whether Slurm on this host loads the plugin and the plugin gets an answer. */
final class SlurmSide {
    private static final String PLUGSTACK = "plugstack";
    private static final String SETTINGS = "settings";
    private static final String PLUGIN = "plugin";

    /** What the compiler says to a value that is none: nothing is submitted then, and the whole way to it was gone. */
    private static final String REFUSAL = "[not-a-forward]";

    private static final String NEXT = "next: ";

    private final Place place;
    private final Optional<Path> plugstack;
    private final List<Diagnostic> found = new ArrayList<>();
    private final SettingsCompilation settings;
    private final boolean loaded;
    private final Optional<String> unreadable;
    private final Optional<Program> asked;

    SlurmSide(Place place) {
        this.place = place;
        Linter linter = new Linter(Path.of("/"), place.prefix(), place.uid() == 0);
        this.plugstack = linter.systemPlugstack();
        Optional<String> complaint = Optional.empty();
        SettingsCompilation site;
        try {
            site = linter.systemSettings();
        } catch (IOException e) {
            complaint = Optional.of(String.valueOf(e.getMessage()));
            site = SettingsCompiler.compile(List.of(), place.prefix());
        }
        this.unreadable = complaint;
        this.loaded = linter.loaded().isPresent();
        this.settings = place.conf().isPresent()
                ? SettingsCompiler.compileWith(
                        linter.loadedOptions(), place.conf().get())
                : site;
        for (Diagnostic diagnostic : linter.diagnostics()) {
            if (!isOf(site, diagnostic)) {
                found.add(diagnostic);
            }
        }
        this.asked = Program.run(List.of("srun", "--test-only", "--tunnel=x", "true"));
    }

    /** Whether it is about stunnel.conf, or what that includes, and not about an option of the plugstack line. */
    private static boolean isOf(SettingsCompilation site, Diagnostic diagnostic) {
        Path file = Path.of(diagnostic.source().name());
        return site.included().contains(file)
                || site.siteFile().filter(file::equals).isPresent();
    }

    /** Present unless they have an error. */
    Optional<Settings> settings() {
        return settings.settings();
    }

    Check plugstack() {
        String file = plugstack.map(Path::toString).orElse("/etc/slurm/plugstack.conf");
        if (unreadable.isPresent()) {
            return Check.wrong(PLUGSTACK, unreadable.get(), "ask the administrator to make it readable for everybody");
        }
        for (Diagnostic diagnostic : found) {
            if (diagnostic.severity() == Severity.ERROR) {
                return Check.wrong(PLUGSTACK, text(diagnostic), diagnostic.hint());
            }
        }
        if (loaded) {
            return found.isEmpty()
                    ? Check.ok(PLUGSTACK, file)
                    : Check.warning(PLUGSTACK, text(found.get(0)), found.get(0).hint());
        }
        if (works()) {
            return Check.skipped(PLUGSTACK, "Slurm reads another one than " + file);
        }
        return Check.wrong(
                PLUGSTACK,
                Files.exists(Path.of(file)) ? "no line of " + file + " loads the plugin" : "there is no " + file,
                "put this line into it: required " + place.library());
    }

    Check siteFile() {
        List<Diagnostic> own = settings.diagnostics().stream()
                .filter(diagnostic -> isOf(settings, diagnostic))
                .toList();
        for (Diagnostic diagnostic : own) {
            if (diagnostic.severity() == Severity.ERROR) {
                return Check.wrong(SETTINGS, text(diagnostic), diagnostic.hint());
            }
        }
        // A file that is tried out lies anywhere.
        Optional<String> objection = place.conf().isPresent()
                ? Optional.empty()
                : SettingsTrust.of(place.prefix(), place.uid()).objection(settings);
        if (objection.isPresent()) {
            return split(SETTINGS, objection.get().lines().toList());
        }
        if (!own.isEmpty()) {
            return Check.warning(SETTINGS, text(own.get(0)), own.get(0).hint());
        }
        return Check.ok(
                SETTINGS, settings.siteFile().map(Path::toString).orElse("the defaults, without a stunnel.conf"));
    }

    private static String text(Diagnostic diagnostic) {
        Position position = diagnostic.source().position(diagnostic.span().start());
        return diagnostic.source().name() + ":" + position.line() + ":" + position.column() + ": "
                + diagnostic.message();
    }

    private boolean works() {
        return asked.isPresent() && asked.get().says(REFUSAL);
    }

    Check plugin() {
        Check loading = loading();
        Path keeper = place.program("stunnel-keeper");
        return loading.isWrong() || !isReadable(keeper)
                ? loading
                : Check.warning(
                        PLUGIN,
                        "users may read " + keeper + ", and with that take over what runs when their jobs have ended",
                        "run `chmod 0711 " + keeper + "` as root");
    }

    /** For users, that is; the doctor may be root. */
    private static boolean isReadable(Path program) {
        try {
            Set<PosixFilePermission> mode = Files.getPosixFilePermissions(program);
            return mode.contains(PosixFilePermission.OTHERS_READ) || mode.contains(PosixFilePermission.GROUP_READ);
        } catch (IOException e) {
            return false; // It is not there, as the check of the archive says.
        }
    }

    /** srun loads the plugin, that starts the keeper, that the runtime: as for a job, but that none is asked for. */
    private Check loading() {
        if (asked.isEmpty()) {
            return Check.skipped(PLUGIN, "there is no srun in PATH on this host");
        }
        if (works()) {
            String version = Program.run(List.of("srun", "--version"))
                    .map(Program::firstLine)
                    .orElse("srun");
            return Check.ok(PLUGIN, version + " loads it, and it answers");
        }
        Program srun = asked.get();
        for (Program.Line line : srun.lines()) {
            if (line.text().contains("ncompatible") && line.text().contains("lugin")) {
                return Check.wrong(
                        PLUGIN,
                        line.text(),
                        "build and install the plugin anew for the Slurm that `srun --version` names");
            }
        }
        if (srun.says("unrecognized option")) {
            return Check.wrong(
                    PLUGIN,
                    "srun does not know --tunnel: it has not loaded " + place.library(),
                    "see what `srun -v true` says about plugstack.conf and the plugin");
        }
        return split(PLUGIN, srun.lines().stream().map(Program.Line::text).toList());
    }

    /** A message whose last lines say what to do. */
    private static Check split(String name, List<String> lines) {
        Optional<String> next = lines.stream()
                .filter(line -> line.strip().startsWith(NEXT))
                .map(line -> line.strip().substring(NEXT.length()))
                .findFirst();
        String detail =
                lines.stream().filter(line -> !line.isBlank()).findFirst().orElse("srun says nothing");
        return Check.wrong(
                name,
                detail,
                next.orElse("show the administrator what `srun --test-only --tunnel=8001:8000 true` says"));
    }
}
