/**
 * Cases as files: what is compiled, and beside it what must come of it.
 * With UPDATE_GOLDEN=true in the environment the expectations are rewritten, and the tests fail for a person to look.
 */
@NullMarked
package stunnel.cases;

import org.jspecify.annotations.NullMarked;
