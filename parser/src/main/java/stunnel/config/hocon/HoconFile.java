package stunnel.config.hocon;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.Source;

/**
 * The values of a settings file over the defaults.
 *
 * @param values in the order of their paths, sections before what is in them; empty if there are diagnostics
 * @param diagnostics why the file is no HOCON
 */
public record HoconFile(List<HoconValue> values, List<Diagnostic> diagnostics) {
    public HoconFile {
        values = List.copyOf(values);
        diagnostics = List.copyOf(diagnostics);
    }

    /** The defaults by themselves. */
    public static HoconFile of(Source defaults) {
        return new HoconReader(defaults, Optional.empty()).read(Optional.empty());
    }

    /**
     * A file over the defaults.
     *
     * @param defaults what the file leaves out
     * @param path the file; what it includes is found beside it
     * @param source the file's text
     */
    public static HoconFile of(Source defaults, Path path, Source source) {
        return new HoconReader(defaults, Optional.of(source)).read(Optional.of(path));
    }

    /**
     * A text over the defaults.
     *
     * @param defaults what the text leaves out
     * @param source the text; it includes nothing
     */
    public static HoconFile of(Source defaults, Source source) {
        return new HoconReader(defaults, Optional.of(source)).read(Optional.empty());
    }
}
