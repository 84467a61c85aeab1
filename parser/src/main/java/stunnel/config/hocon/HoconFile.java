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
 * @param included the files that it includes, absolute
 * @param diagnostics why the file is no HOCON, or what it cannot include
 */
public record HoconFile(List<HoconValue> values, List<Path> included, List<Diagnostic> diagnostics) {
    public HoconFile {
        values = List.copyOf(values);
        included = List.copyOf(included);
        diagnostics = List.copyOf(diagnostics);
    }

    /** The defaults by themselves. */
    public static HoconFile of(Source defaults) {
        return new HoconReader(defaults, Optional.empty()).read();
    }

    /**
     * A text over the defaults.
     *
     * @param defaults what the text leaves out
     * @param source the text, named by its path: what it includes is found beside it
     */
    public static HoconFile of(Source defaults, Source source) {
        return new HoconReader(defaults, Optional.of(source)).read();
    }
}
