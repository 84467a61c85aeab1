package stunnel.config.hocon;

import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;

/**
 * Where a file says something.
 *
 * @param source the file
 * @param key the last key of the path
 * @param value what is said, as far as it stands in that line
 */
record Place(Source source, Span key, Span value) {}
