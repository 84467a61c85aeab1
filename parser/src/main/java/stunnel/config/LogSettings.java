package stunnel.config;

import java.util.Optional;

/**
 * What is said, and where.
 *
 * @param announce whether the user gets one line when the tunnel is up
 * @param level how much goes to the file
 * @param file absolute, with the tokens of {@link ControlSettings#dir}; empty for no log
 */
public record LogSettings(boolean announce, LogLevel level, Optional<String> file) {}
