package stunnel.config;

import java.nio.file.Path;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;

/**
 * A settings file that somebody named.
 *
 * @param path absolute
 * @param source where it is named
 * @param span the path in the source
 */
public record ConfPath(Path path, Source source, Span span) {}
