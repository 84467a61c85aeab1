/**
 * The operating system calls of the runtime behind one small interface, {@link stunnel.runtime.posix.Posix}.
 * This is the only package that knows JNA; no JNA type leaves it.
 */
@NullMarked
package stunnel.runtime.posix;

import org.jspecify.annotations.NullMarked;
