package stunnel.parser;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Writes specs that are right, in all forms and spellings of the language. */
public final class RandomSpecs {
    private static final String LABEL = "abcxyzLRD0189_";
    private static final String PATH = "abcXYZ0189._/+@-";

    private final Random random;
    /** Counts up, so that nothing is listened on twice. */
    private int port;

    private int number;

    /** Specs that depend on nothing but the state of the generator. */
    public RandomSpecs(Random random) {
        this.random = random;
    }

    /** The next one. */
    public String spec() {
        port = 1_024 + random.nextInt(20_000);
        number = 0;
        List<String> forwards = new ArrayList<>();
        int count = 1 + random.nextInt(6);
        for (int i = 0; i < count; i++) {
            forwards.add(forward());
        }
        return String.join(",", forwards);
    }

    private String forward() {
        number++;
        String dash = random.nextBoolean() ? "-" : "";
        if (random.nextInt(6) == 0) {
            return name(4) + dash + "D" + socks();
        }
        String direction = pick("", "L", "R");
        if (random.nextInt(6) == 0) {
            int length = 2 + random.nextInt(5);
            int target = 1 + random.nextInt(60_000);
            return dash + direction + range(direction, length, target + "-" + (target + length - 1));
        }
        return name(3) + dash + direction + ends(direction);
    }

    private String socks() {
        return switch (random.nextInt(4)) {
            case 0 -> port();
            case 1 -> bind("D") + ":" + port();
            // The bind tells two free ports apart.
            case 2 -> "127.0.1." + number + ":auto";
            default -> "[::" + number + "]:" + port();
        };
    }

    private String range(String direction, int length, String target) {
        int first = port + 1;
        port += length;
        String listen = first + "-" + port;
        return switch (random.nextInt(3)) {
            case 0 -> listen + ":" + target;
            case 1 -> listen + ":" + host() + ":" + target;
            default -> bind(direction) + ":" + listen + ":" + host() + ":" + target;
        };
    }

    private String ends(String direction) {
        // The destination tells two free ports apart.
        String auto = "auto:" + host() + ":" + (60_000 + number);
        return switch (random.nextInt(11)) {
            case 0 -> port();
            case 1, 2 -> port() + ":" + target();
            case 3 -> port() + ":" + host() + ":" + target();
            case 4 -> bind(direction) + ":" + port() + ":" + host() + ":" + target();
            case 5 -> path() + ":" + target();
            case 6 -> path() + ":" + host() + ":" + target();
            case 7 -> port() + ":" + path();
            case 8 -> path() + ":" + path();
            case 9 -> auto;
            default -> bind(direction) + ":" + auto;
        };
    }

    private String name(int oneIn) {
        return random.nextInt(oneIn) == 0 ? pick("web", "L", "Db_", "auto", "R2D2") + number + "=" : "";
    }

    private String port() {
        port++;
        return Integer.toString(port);
    }

    private String target() {
        return Integer.toString(1 + random.nextInt(65_535));
    }

    /** Without a direction, a capital L, R or D at its start would be one. */
    private String bind(String direction) {
        String bind = random.nextInt(4) == 0 ? "*" : host();
        return direction.isEmpty() ? bind.toLowerCase(java.util.Locale.ROOT) : bind;
    }

    private String host() {
        return switch (random.nextInt(6)) {
            case 0 -> pick("localhost", "LOCALHOST", "127.0.0.1", "10.0.0." + random.nextInt(256), "auto", "80-90");
            case 1 -> pick("[::1]", "[fe80::A:1]", "[1:2:3:4:5:6:7:8]", "[::ffff:10.0.0.1]", "[::]");
            case 2 -> label() + "." + label() + pick("", ".", "." + label());
            default -> label();
        };
    }

    private String label() {
        StringBuilder label = new StringBuilder("n");
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            label.append(random.nextInt(8) == 0 ? '-' : LABEL.charAt(random.nextInt(LABEL.length())));
        }
        return label.append(random.nextBoolean() ? "x" : "7").toString();
    }

    private String path() {
        StringBuilder path = new StringBuilder("/run/" + number + pick("", "a", "b") + "-");
        int length = random.nextInt(40);
        for (int i = 0; i < length; i++) {
            path.append(PATH.charAt(random.nextInt(PATH.length())));
        }
        return path.toString();
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
