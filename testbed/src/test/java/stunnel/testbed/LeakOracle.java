package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Fails a test after which a host has other traces than before it. */
final class LeakOracle implements BeforeEachCallback, AfterEachCallback {
    /** Slurm itself needs a moment to end a job. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Namespace NAMESPACE = Namespace.create(LeakOracle.class);

    @Override
    public void beforeEach(ExtensionContext context) {
        Account login = Testbed.shared().host("login");
        // What a test finds accepted must not depend on those before it.
        login.bash("rm -rf /run/user/*/slurm-stunnel");
        // A job that is ending goes by itself, and what of it is seen now would be missed afterwards.
        Await.until(
                "no job is ending",
                () -> login.output("squeue", "--noheader", "--states=COMPLETING")
                        .isEmpty());
        context.getStore(NAMESPACE).put(Traces.class, Traces.of(Testbed.shared()));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        Traces before = context.getStore(NAMESPACE).get(Traces.class, Traces.class);
        if (!Await.within(LIMIT, () -> Traces.of(Testbed.shared()).equals(before))) {
            Traces after = Traces.of(Testbed.shared());
            assertThat(after.without(before)).as("what the test left behind").isEmpty();
            assertThat(before.without(after)).as("what the test took away").isEmpty();
        }
    }
}
