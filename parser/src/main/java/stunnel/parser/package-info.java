/**
 * Text in, diagnostics or a value out: the compilers of the {@code --tunnel} language and of the plugin's options.
 * Nothing is resolved, opened or run.
 */
@NullMarked
package stunnel.parser;

import org.jspecify.annotations.NullMarked;
