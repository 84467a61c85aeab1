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
        List<SoakSession> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            sessions.add(new SoakSession(Testbed.shared(), i, new Random(SEED + i)));
        }
        List<String> failures = run(sessions);
        System.out.printf("soak: %d of %d sessions failed%n", failures.size(), SESSIONS);
        assertThat(failures).as("seed %d", SEED).isEmpty();
        for (String host : Testbed.HOSTS) {
            List<String> directories = directories(host);
            System.out.printf("soak: left on %s until the next tunnel there: %s%n", host, directories);
            assertThat(directories)
                    .as("seed %d, %s", SEED, host)
                    .hasSizeLessThanOrEqualTo(sessions.stream()
                            .mapToInt(session -> session.directoriesThatMayStay(host))
                            .sum());
            Testbed.shared().alice().on(host).output("srun", "--tunnel", "19999", "true");
        }
    }

    private static List<String> run(List<SoakSession> sessions) throws InterruptedException {
        List<String> failures = new ArrayList<>();
        ExecutorService workers = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (SoakSession session : sessions) {
                results.add(workers.submit(session::run));
            }
            for (Future<?> result : results) {
                outcome(result, failures);
            }
        } finally {
            workers.shutdownNow();
        }
        return failures;
    }

    /** Those of tunnels, each with what is in it. */
    private static List<String> directories(String host) {
        String list = "for directory in $(ls -d /tmp/stunnel-* 2>/dev/null); do echo $directory $(ls $directory); done";
        return Testbed.shared().host(host).bash(list).stdout().lines().toList();
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
