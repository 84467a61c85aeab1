package stunnel.config;

import java.util.Optional;

/**
 * What is said, and where.
 *
 * @param announce whether the user gets one line when the tunnel is up
 * @param audit whether the system's log gets a line at the beginning and at the end of a tunnel
 * @param level how much goes to the file
 * @param file absolute, with the tokens of {@link ControlSettings#dir}; empty for no log
 */
public record LogSettings(boolean announce, boolean audit, LogLevel level, Optional<String> file) {}
