package stunnel.runtime.ssh;

import java.time.Duration;

/**
 * A moment by which something must have happened, on the clock that no administrator sets.
 *
 * @param nanos in terms of {@link System#nanoTime}
 */
public record Deadline(long nanos) {
    private static final long NANOS_PER_MILLI = 1_000_000;

    /** From now on. */
    public static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** This one, or {@code time} from now if that is sooner. */
    Deadline orAfter(Duration time) {
        Deadline other = after(time);
        return other.nanos - nanos < 0 ? other : this;
    }

    /** Whether it has passed. */
    public boolean isOver() {
        return nanos - System.nanoTime() <= 0;
    }

    /** Milliseconds until then, at least 1, so that 0 never means "for ever". */
    long millisLeft() {
        return Math.max(1, (nanos - System.nanoTime()) / NANOS_PER_MILLI);
    }
}
