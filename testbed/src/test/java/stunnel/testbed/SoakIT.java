package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Many sessions of all kinds, some at a time, with random faults: each ends, and nothing is left of any. */
@TestbedTest
class SoakIT {
    /** {@code -Dstunnel.soak=N} asks for a longer run, {@code -Dstunnel.seed=N} for another one. */
    private static final int SESSIONS = Integer.getInteger("stunnel.soak", 40);

    private static final long SEED = Long.getLong("stunnel.seed", System.nanoTime());
    private static final int AT_A_TIME = 5;

    @Test
    void leavesNothing() throws InterruptedException {
        System.out.printf("soak: %d sessions, seed %d%n", SESSIONS, SEED);
        List<String> failures = new ArrayList<>();
        ExecutorService workers = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Future<?>> sessions = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                SoakSession session = new SoakSession(Testbed.shared(), i, new Random(SEED + i));
                sessions.add(workers.submit(session::run));
            }
            for (Future<?> session : sessions) {
                outcome(session, failures);
            }
        } finally {
            workers.shutdownNow();
        }
        System.out.printf("soak: %d of %d sessions failed%n", failures.size(), SESSIONS);
        assertThat(failures).as("seed %d", SEED).isEmpty();
    }

    private static void outcome(Future<?> session, List<String> failures) throws InterruptedException {
        try {
            session.get();
        } catch (ExecutionException e) {
            String message = String.valueOf(e.getCause());
            System.out.println("soak: " + message);
            failures.add(message);
        }
    }
}
