package stunnel.diagnostic;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was meant. */
public final class Suggestion {
    private Suggestion() {}

    /** A hint for an unknown word: the known one that it is nearest to, or all of them. */
    public static String hint(String word, List<String> known) {
        return hint(word, known, List.of());
    }

    /**
     * A hint for an unknown word: the known one that it is nearest to, or all that could stand in its place.
     *
     * @param known what could stand in its place
     * @param elsewhere what could stand in another place
     */
    public static String hint(String word, List<String> known, List<String> elsewhere) {
        Optional<String> nearest = nearest(word.toLowerCase(Locale.ROOT), known);
        if (nearest.isEmpty()) {
            nearest = nearest(word.toLowerCase(Locale.ROOT), elsewhere);
        }
        return nearest.isPresent() ? "did you mean " + nearest.get() + "?" : "there are " + String.join(", ", known);
    }

    /** The known word that needs the fewest edits, if they are few; else one that contains the word. */
    private static Optional<String> nearest(String word, List<String> known) {
        int fewest = Math.max(2, word.length() / 3) + 1;
        Optional<String> nearest = Optional.empty();
        for (String candidate : known) {
            int edits = edits(word, candidate);
            if (edits < fewest) {
                fewest = edits;
                nearest = Optional.of(candidate);
            }
        }
        if (nearest.isPresent()) {
            return nearest;
        }
        for (String candidate : known) {
            if (!word.isEmpty() && candidate.contains(word)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** Levenshtein's distance; a word far too long is not measured. */
    private static int edits(String from, String to) {
        if (Math.abs(from.length() - to.length()) > to.length()) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
