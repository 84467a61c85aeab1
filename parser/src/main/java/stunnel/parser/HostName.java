package stunnel.parser;

import java.util.Optional;

/** DNS names as sites write them: underscores are allowed, as in license_server. */
final class HostName {
    private static final int LONGEST = 253;
    private static final int LONGEST_LABEL = 63;

    private HostName() {}

    /** Why a text is no name, for a sentence; empty if it is one. */
    static Optional<String> flaw(String text) {
        if (text.length() > LONGEST) {
            return Optional.of("it has more than " + LONGEST + " characters");
        }
        int start = 0;
        // One dot may end it: the name is absolute then.
        int length = text.endsWith(".") ? text.length() - 1 : text.length();
        while (start <= length) {
            int dot = text.indexOf('.', start);
            int end = dot < 0 ? length : Math.min(dot, length);
            Optional<String> flaw = labelFlaw(text.substring(start, end));
            if (flaw.isPresent()) {
                return flaw;
            }
            start = end + 1;
        }
        return Optional.empty();
    }

    private static Optional<String> labelFlaw(String label) {
        if (label.isEmpty()) {
            return Optional.of("a part between dots is empty");
        }
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            if (!Text.isLetterOrDigit(c) && c != '-' && c != '_') {
                return Optional.of("\"" + c + "\" cannot be part of a name");
            }
        }
        if (label.startsWith("-") || label.endsWith("-")) {
            return Optional.of("a part of it begins or ends with a hyphen");
        }
        return label.length() > LONGEST_LABEL
                ? Optional.of("a part of it has more than " + LONGEST_LABEL + " characters")
                : Optional.empty();
    }

    /** Whether a resolver would take it for an IPv4 address, or for a mistyped one. */
    static boolean endsInDigitsAlone(String text) {
        String name = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return Text.isDigits(name.substring(name.lastIndexOf('.') + 1));
    }

    /** Whether it is the host itself, by the name that every host has for itself. */
    static boolean isLocalhost(String text) {
        return text.equalsIgnoreCase("localhost") || text.equalsIgnoreCase("localhost.");
    }
}
