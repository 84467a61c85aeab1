package stunnel.config.hocon;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;

/** Typesafe Config's own words, without the place in front of them and the advice behind. */
final class Wording {
    private Wording() {}

    static String of(ConfigException e) {
        String message = String.valueOf(e.getMessage());
        ConfigOrigin origin = e.origin();
        if (origin != null && message.startsWith(origin.description())) {
            message = message.substring(origin.description().length());
        }
        int start = 0;
        while (start < message.length() && (message.charAt(start) == ':' || message.charAt(start) == ' ')) {
            start++;
        }
        int advice = message.indexOf(" (", start);
        return message.substring(start, advice < 0 ? message.length() : advice);
    }
}
