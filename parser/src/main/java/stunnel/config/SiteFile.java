package stunnel.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import stunnel.config.hocon.SettingsText;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Source;

/**
 * The site's stunnel.conf.
 *
 * @param path where it was found
 * @param source its text
 */
record SiteFile(Path path, Source source) {
    private static final String NAME = "stunnel.conf";

    /** The one that a plugstack option names, else the first of the places that is there. */
    static Optional<ConfPath> find(Optional<ConfPath> named, List<Path> places) {
        if (named.isPresent()) {
            return named;
        }
        for (Path path : places) {
            if (Files.exists(path)) {
                Source place = new Source(path.toString(), "");
                return Optional.of(new ConfPath(path, place, place.span()));
            }
        }
        return Optional.empty();
    }

    /** Where it is looked for unless an option names it. */
    static List<Path> places(Path systemFolder, Path prefix) {
        return List.of(systemFolder.resolve(NAME), prefix.resolve("etc").resolve(NAME));
    }

    /**
     * Reads what was found.
     *
     * @param diagnostics gets one if the file is there, or named, and cannot be read
     */
    static Optional<SiteFile> read(ConfPath named, List<Diagnostic> diagnostics) {
        Path path = named.path();
        try {
            return Optional.of(new SiteFile(path, SettingsText.read(path)));
        } catch (IOException e) {
            diagnostics.add(Diagnostic.of(
                    DiagnosticId.CONF_UNREADABLE,
                    named.source(),
                    named.span(),
                    path.toString(),
                    SettingsText.reason(e)));
            return Optional.empty();
        }
    }
}
