package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Many live sessions on one login host: each costs an ssh and a keeper, carries, and leaves nothing. */
@TestbedTest
class LiveSessionsIT {
    /** 300 in the long run. */
    private static final int SESSIONS = Integer.getInteger("testbed.sessions", 30);

    private static final Duration LIMIT = Duration.ofMinutes(10);

    /**
     * Eight at a time, as sshd takes no more than ten. A fourth of the sruns is terminated and one killed when it is time; the
     * name of a job and its task tell which it is.
     */
    private static final String SCRIPT = """
            for ((i = 0; i < %d; i++)); do
                srun --quiet -J way$((i %% 4)) -w cn1 --tunnel $((20000 + i)):8000 sleep 3600.$((i %% 4)) </dev/null &
                sruns[i]=$!
                (((i + 1) %% 8)) || until /opt/testbed/fetch $((20000 + i)) || ! kill -0 $!; do sleep 0.1; done >/dev/null 2>&1
            done
            echo opened
            read
            for i in ${!sruns[@]}; do
                case $((i %% 4)) in
                    2) kill ${sruns[i]} ;;
                    3) kill -KILL ${sruns[i]} ;;
                esac
            done
            wait
            """;

    private static final String FETCH_ALL =
            "for ((i = 0; i < %d; i++)); do /opt/testbed/fetch $((20000 + i)); done | sort | uniq --count";

    /** Of each keeper, with its part of what it shares. */
    private static final String MEMORY = "cat $(pgrep --exact stunnel-keeper | sed 's|.*|/proc/&/smaps_rollup|') "
            + "| awk '/^Pss:/ { sum += $2; keepers++ } END { print sum / keepers }'";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account node = testbed.host("cn1");

    @Test
    void costLittleAndEndInEveryWay() {
        try (RunningCommand server = node.as("bob").serve(8000);
                RunningCommand sessions = alice.startInteractive("bash", "-c", SCRIPT.formatted(SESSIONS))) {
            await("are started", () -> sessions.stdout().contains("opened") || !sessions.isRunning());
            await("are up", () -> running("stunnel-keeper") == SESSIONS && running("java") == 0);
            assertThat(running("ssh")).isEqualTo(SESSIONS);
            assertThat(alice.bash(FETCH_ALL.formatted(SESSIONS)).stdout().strip())
                    .isEqualTo(SESSIONS + " hello from cn1:8000");
            System.out.printf(
                    "%d live sessions: %s KiB each for a keeper%n",
                    SESSIONS, testbed.host("login").bash(MEMORY).stdout().strip());

            sessions.type("end");
            node.output("pkill", "--full", "sleep 3600.0$");
            alice.output("scancel", "--name=way1");

            await("have ended", () -> !sessions.isRunning());
            await("have left nothing", () -> running("ssh") + running("stunnel-keeper") == 0 && nodeIsIdle());
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        assertThat(Await.within(LIMIT, condition)).as("all sessions %s", what).isTrue();
    }

    private long running(String program) {
        return testbed.hostsRunning(program).size();
    }

    private boolean nodeIsIdle() {
        return node.run("pgrep", "--full", "^sshd: alice").exit() != 0
                && alice.output("squeue", "--noheader").isEmpty();
    }
}
