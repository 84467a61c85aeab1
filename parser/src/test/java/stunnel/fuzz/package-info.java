/**
 * Random inputs for every compiler: a bounded run in each build, and the long, timed one of "./dev fuzz".
 * A run is repeated with the seed that it prints.
 */
@NullMarked
package stunnel.fuzz;

import org.jspecify.annotations.NullMarked;
