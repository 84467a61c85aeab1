/**
 * The {@code stunnel} command: what users and administrators can ask without starting a job.
 * Results go to standard output, everything else to standard error.
 */
@NullMarked
package stunnel.cli;

import org.jspecify.annotations.NullMarked;
