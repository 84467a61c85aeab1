/**
 * The manual pages and the completions, made of what the commands, the settings file, the catalogue and the README say already.
 * With UPDATE_GOLDEN=true in the environment they are rewritten, and the tests fail for a person to look.
 */
@NullMarked
package stunnel.manual;

import org.jspecify.annotations.NullMarked;
