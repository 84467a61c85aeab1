package stunnel.plan;

import java.util.Locale;
import java.util.Optional;

/**
 * Addresses that may be listened on.
 *
 * @param text {@code *} for every address, {@code loopback}, or one address or name
 */
public record BindRule(String text) {
    /** Whatever is asked for, all addresses at once too. */
    public static final BindRule EVERYTHING = new BindRule("*");

    private static final String LOOPBACK = "loopback";

    public BindRule {
        if (!isRule(text)) {
            throw new IllegalArgumentException("not a rule for addresses: " + text);
        }
    }

    /** The rule of that text; empty for any other text. */
    public static Optional<BindRule> of(String text) {
        return isRule(text) ? Optional.of(new BindRule(text)) : Optional.empty();
    }

    private static boolean isRule(String text) {
        boolean rule = !text.isEmpty();
        for (int i = 0; i < text.length(); i++) {
            rule &= Ascii.isLetterOrDigit(text.charAt(i)) || "._-:".indexOf(text.charAt(i)) >= 0;
        }
        return rule || text.equals("*");
    }

    boolean allows(Host bind) {
        if (text.equals(LOOPBACK)) {
            return bind.isLoopbackAddress();
        }
        return text.equals(EVERYTHING.text)
                || text.toLowerCase(Locale.ROOT).equals(bind.name().toLowerCase(Locale.ROOT));
    }
}
