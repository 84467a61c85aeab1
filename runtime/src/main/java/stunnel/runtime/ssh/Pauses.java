package stunnel.runtime.ssh;

import java.util.Random;

/** The time between two attempts: random, so that jobs that were turned away together do not come back together, and growing. */
final class Pauses {
    private static final int FIRST_MOST_MILLIS = 400;
    private static final int LAST_MOST_MILLIS = 3200;

    /** A pause is between this part of the longest one and the whole of it. */
    private static final int PART = 4;

    private final Random random;
    private int mostMillis = FIRST_MOST_MILLIS;

    Pauses(Random random) {
        this.random = random;
    }

    /** The next one, in milliseconds. */
    int next() {
        int least = mostMillis / PART;
        int millis = least + random.nextInt(mostMillis - least + 1);
        mostMillis = Math.min(2 * mostMillis, LAST_MOST_MILLIS);
        return millis;
    }
}
