/**
 * Looks at the whole way of a tunnel, from the installation to the far host and back, and names the first thing that is wrong. It
 * asks the programs that a tunnel asks, and believes nothing that it has not seen them do.
 */
@NullMarked
package stunnel.doctor;

import org.jspecify.annotations.NullMarked;
