package stunnel.cli;

import stunnel.diagnostic.Width;
import stunnel.doctor.Check;

/**
 * A check as a line of text, and another one for what to do.
 *
 * @param width what it is laid out for
 * @param colour whether it is for a terminal that has colours
 */
record CheckText(Width width, boolean colour) {
    private static final String PLAIN = "\u001b[0m";

    /** As wide as the longest state, and a blank. */
    private static final int STATE = 9;

    /** As wide as the longest name, and a blank. */
    private static final int NAME = 11;

    String of(Check check) {
        StringBuilder text = new StringBuilder();
        text.append(colour ? colour(check.state()) : "");
        append(check.state().text(), STATE, text);
        text.append(colour ? PLAIN : "");
        append(check.name(), NAME, text);
        String first = width.folded(text.toString(), check.detail()) + "\n";
        return check.next().isEmpty()
                ? first
                : first
                        + width.folded(
                                " ".repeat(STATE + NAME),
                                "next: " + check.next().get()) + "\n";
    }

    private static void append(String word, int width, StringBuilder text) {
        text.append(word).append(" ".repeat(Math.max(1, width - word.length())));
    }

    private static String colour(Check.State state) {
        return switch (state) {
            case OK -> "\u001b[32m";
            case WARNING -> "\u001b[1;35m";
            case WRONG -> "\u001b[1;31m";
            case SKIPPED -> "\u001b[2m";
        };
    }
}
