/**
 * The short-lived JVM behind a tunnel: it answers the keeper's requests over stdin and stdout, compiles what the user typed,
 * opens the tunnel with ssh, and leaves ssh to the keeper.
 */
@NullMarked
package stunnel.runtime;

import org.jspecify.annotations.NullMarked;
