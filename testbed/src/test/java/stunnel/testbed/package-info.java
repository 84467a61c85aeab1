/**
 * End-to-end tests on the testbed: a real Slurm cluster whose hosts are namespaces of this machine.
 * Every test is bracketed by an oracle that finds whatever it left behind.
 */
@NullMarked
package stunnel.testbed;

import org.jspecify.annotations.NullMarked;
