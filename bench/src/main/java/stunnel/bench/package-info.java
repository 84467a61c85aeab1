/** What is measured inside of a JVM, and the smallest JVM to compare with. Nothing of this is installed. */
@NullMarked
package stunnel.bench;

import org.jspecify.annotations.NullMarked;
