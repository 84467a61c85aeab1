/**
 * Finds what is wrong in the files that administrators and users write, before a job meets it: plugstack.conf with its
 * includes, as Slurm reads it, stunnel.conf, and the directives of job scripts.
 */
@NullMarked
package stunnel.lint;

import org.jspecify.annotations.NullMarked;
