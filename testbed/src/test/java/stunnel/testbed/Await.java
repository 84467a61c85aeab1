package stunnel.testbed;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a condition by asking again and again, never for an amount of time. */
final class Await {
    private static final Duration INTERVAL = Duration.ofMillis(20);

    /** Far more than anything on the testbed takes. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Await() {}

    /** Whether {@code condition} has come true within {@code limit}. */
    static boolean within(Duration limit, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                return false;
            }
            LockSupport.parkNanos(INTERVAL.toNanos());
        }
        return true;
    }

    /** Returns when {@code condition} has come true; the test fails if it never does. */
    static void until(String description, BooleanSupplier condition) {
        if (!within(LIMIT, condition)) {
            throw new AssertionError("waited in vain until " + description);
        }
    }

    /** The first of several results that is {@code wanted}; the test fails if none ever is. */
    static <T> T first(String description, Supplier<T> attempt, Predicate<T> wanted) {
        for (long start = System.nanoTime(); ; ) {
            T result = attempt.get();
            if (wanted.test(result)) {
                return result;
            }
            if (System.nanoTime() - start > LIMIT.toNanos()) {
                throw new AssertionError("waited in vain for " + description + ", at last: " + result);
            }
        }
    }
}
