/**
 * ssh(1) as this project uses it: the four command lines of a tunnel, the directory of its control socket, the life of its
 * master, and what a failure means to the user.
 */
@NullMarked
package stunnel.runtime.ssh;

import org.jspecify.annotations.NullMarked;
