/**
 * The parts of the documentation that are made from the code, and the tests that they are up to date.
 * With UPDATE_GOLDEN=true in the environment they are rewritten.
 */
@NullMarked
package stunnel.docs;

import org.jspecify.annotations.NullMarked;
