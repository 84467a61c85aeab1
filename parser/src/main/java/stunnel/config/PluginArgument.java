package stunnel.config;

import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;

/**
 * One option of the plugstack line, as Slurm hands it over.
 *
 * @param source where it stands, or just its text
 * @param span the option in the source
 */
public record PluginArgument(Source source, Span span) {

    /** An option that is known by its text and its place in the line. */
    static PluginArgument of(String text, int number) {
        Source source = new Source("plugstack option " + number, text);
        return new PluginArgument(source, source.span());
    }

    /** As it is written. */
    String text() {
        return span.of(source.text());
    }

    /** Whether the plugin has an option of that name. */
    public static boolean isKey(String text) {
        return PluginArgumentsCompiler.KEYS.contains(text);
    }
}
