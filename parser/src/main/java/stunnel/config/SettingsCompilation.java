package stunnel.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Diagnostic;

/**
 * What became of the site's settings.
 *
 * @param settings present if and only if no diagnostic is an error
 * @param siteFile the stunnel.conf that was read, if there is one
 * @param included further files that were read, absolute
 * @param diagnostics everything that is wrong with the options and the file
 */
public record SettingsCompilation(
        Optional<Settings> settings, Optional<Path> siteFile, List<Path> included, List<Diagnostic> diagnostics) {
    public SettingsCompilation {
        included = List.copyOf(included);
        diagnostics = List.copyOf(diagnostics);
        if (settings.isPresent() == Diagnostic.anyError(diagnostics)) {
            throw new IllegalArgumentException("settings if and only if there is no error");
        }
    }
}
