/**
 * What the site decided: reference.conf, stunnel.conf and the options of the plugstack line become one immutable record.
 * No environment variable, no system property and no file of a user changes it.
 */
@NullMarked
package stunnel.config;

import org.jspecify.annotations.NullMarked;
