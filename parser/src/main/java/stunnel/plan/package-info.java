/**
 * What a job asked for, once it is known to be right: immutable values in the terms of ssh(1) and Slurm's manuals.
 * Nothing here reads text, and nothing is imported but java.base.
 */
@NullMarked
package stunnel.plan;

import org.jspecify.annotations.NullMarked;
