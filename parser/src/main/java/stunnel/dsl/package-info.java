/**
 * A tunnel written in Java, in the words of ssh and Slurm; the types leave out what has no meaning, and the compiler of
 * {@code --tunnel} checks the rest.
 */
@NullMarked
package stunnel.dsl;

import org.jspecify.annotations.NullMarked;
