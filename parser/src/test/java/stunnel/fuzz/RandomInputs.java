package stunnel.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import stunnel.cases.CaseFile;
import stunnel.parser.RandomSpecs;

/** Texts that nobody would write: noise, slips in right ones, and long repetitions, which find what is not linear. */
final class RandomInputs {
    /** What a value of {@code --tunnel} has at the most. */
    private static final int MOST_BYTES = 65_536;

    private static final int MOST_FORWARDS = 1_000;
    private static final int ONE_LONG_IN = 200;
    private static final List<String> ANYWHERE =
            List.of(" ", "\t", "\n", "a", "0", "/", "x", "%", "\0", "\u00e9", "\u0661", "\ud83d\ude87");

    private final Language language;
    private final Random random;
    private final RandomSpecs specs;
    private final List<String> cases = new ArrayList<>();

    /** Inputs that depend on nothing but the state of the generator. */
    RandomInputs(Language language, Random random) {
        this.language = language;
        this.random = random;
        this.specs = new RandomSpecs(random);
        for (String suffix : language.suffixes()) {
            CaseFile.all("valid", suffix).forEach(file -> cases.add(file.text()));
            CaseFile.all("invalid", suffix).forEach(file -> cases.add(file.text()));
        }
    }

    /** The next one, of at most 65,536 bytes. */
    String next() {
        if (random.nextInt(ONE_LONG_IN) == 0) {
            return bounded(random.nextBoolean() ? repeated() : mutated(longOne()));
        }
        return bounded(
                switch (random.nextInt(3)) {
                    case 0 -> noise(random.nextInt(64));
                    case 1 -> composed(random.nextInt(16));
                    default -> mutated(right());
                });
    }

    /** Any bytes, as they come out of an argument or a file. */
    private String noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String composed(int pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < pieces; i++) {
            text.append(piece());
        }
        return text.toString();
    }

    private String piece() {
        return switch (random.nextInt(8)) {
            case 0 -> noise(1 + random.nextInt(3));
            case 1, 2 -> pick(ANYWHERE);
            default -> pick(language.pieces());
        };
    }

    /** A text that is nearly right: a golden case, or for the tunnel language a random spec. */
    private String right() {
        return language == Language.SPEC && random.nextBoolean() ? specs.spec() : pick(cases);
    }

    private String mutated(String right) {
        StringBuilder text = new StringBuilder(right);
        int slips = random.nextInt(5);
        for (int i = 0; i < slips; i++) {
            int from = random.nextInt(text.length() + 1);
            int to = Math.min(text.length(), from + random.nextInt(4));
            switch (random.nextInt(4)) {
                case 0 -> text.delete(from, to);
                case 1 -> text.insert(from, piece());
                case 2 -> text.replace(from, to, piece());
                default -> text.insert(from, text.substring(to));
            }
        }
        return text.toString();
    }

    /** As many forwards as are accepted, or as many lines as there is room for. */
    private String longOne() {
        StringBuilder text = new StringBuilder();
        String separator = language == Language.SPEC ? "," : "\n";
        for (int i = 0; i < MOST_FORWARDS && text.length() < MOST_BYTES; i++) {
            text.append(i == 0 ? "" : separator).append(right());
        }
        return text.toString();
    }

    /** Something short, over and over, between two other things. */
    private String repeated() {
        String unit = random.nextInt(3) == 0 ? right() : composed(1 + random.nextInt(3));
        String start = random.nextBoolean() ? right() : composed(random.nextInt(4));
        int times = unit.isEmpty() ? 0 : MOST_BYTES / unit.length();
        return start + unit.repeat(times) + composed(random.nextInt(3));
    }

    private static String bounded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes.length <= MOST_BYTES ? text : new String(bytes, 0, MOST_BYTES, StandardCharsets.UTF_8);
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
