package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The variables that tell a job about its tunnels. */
@TestbedTest
class JobEnvironmentIT {
    private static final String PRINT = "/bin/bash -c 'env | grep ^STUNNEL_ | sort'";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void describeEveryForwardOfSrun() {
        String spec = "web=8001:8000,R9001-9002:9101-9102,db_2=L8003:license_server:5432,D1080,8004:[::1]:8000";

        assertThat(alice.type("srun -w cn1 --tunnel '" + spec + "' " + PRINT)
                        .stdout()
                        .lines())
                .containsExactly(
                        "STUNNEL_0_HOST=login",
                        "STUNNEL_0_LISTEN=8001",
                        "STUNNEL_0_TARGET=localhost:8000",
                        "STUNNEL_1_HOST=cn1",
                        "STUNNEL_1_LISTEN=9001",
                        "STUNNEL_1_TARGET=localhost:9101",
                        "STUNNEL_2_HOST=cn1",
                        "STUNNEL_2_LISTEN=9002",
                        "STUNNEL_2_TARGET=localhost:9102",
                        "STUNNEL_3_HOST=login",
                        "STUNNEL_3_LISTEN=8003",
                        "STUNNEL_3_TARGET=license_server:5432",
                        "STUNNEL_4_HOST=login",
                        "STUNNEL_4_LISTEN=1080",
                        "STUNNEL_4_TARGET=",
                        "STUNNEL_5_HOST=login",
                        "STUNNEL_5_LISTEN=8004",
                        "STUNNEL_5_TARGET=[::1]:8000",
                        "STUNNEL_COUNT=6",
                        "STUNNEL_DB_2_HOST=login",
                        "STUNNEL_DB_2_LISTEN=8003",
                        "STUNNEL_DB_2_TARGET=license_server:5432",
                        "STUNNEL_WEB_HOST=login",
                        "STUNNEL_WEB_LISTEN=8001",
                        "STUNNEL_WEB_TARGET=localhost:8000");
    }

    @Test
    void nameTheBatchHostAsTheListenerOfL() {
        try (Job job =
                Job.submit(alice, "sbatch -w cn2 --tunnel L1900:login:1900,8001:8000 --wrap \"" + PRINT + "\"")) {
            assertThat(job.awaitEnd().output().lines())
                    .containsSubsequence(
                            "STUNNEL_0_HOST=cn2",
                            "STUNNEL_0_LISTEN=1900",
                            "STUNNEL_0_TARGET=login:1900",
                            "STUNNEL_1_HOST=login",
                            "STUNNEL_1_LISTEN=8001",
                            "STUNNEL_1_TARGET=localhost:8000",
                            "STUNNEL_COUNT=2");
        }
    }

    @Test
    void reachAllTasksOnAllNodes() {
        assertThat(sorted("srun -N2 -n4 --tunnel 8001:8000 " + PRINT)).isEqualTo(times(4, oneForwardOf("login")));
    }

    @Test
    void reachAllTasksOnAllNodesWithoutTheUsersEnvironmentToo() {
        assertThat(sorted("srun -N2 -n4 --export=NONE --tunnel 8001:8000 " + PRINT))
                .isEqualTo(times(4, oneForwardOf("login")));
    }

    @Test
    void reachAllTasksOnAllNodesOfASallocStep() {
        assertThat(sorted("salloc -N2 -n4 --tunnel 8001:8000 srun " + PRINT))
                .isEqualTo(times(4, oneForwardOf("login")));
    }

    @Test
    void reachABatchScriptWithoutTheUsersEnvironmentAndItsSteps() {
        String script = PRINT + "; echo step; srun -n2 " + PRINT;
        try (Job job =
                Job.submit(alice, "sbatch -w cn1 -n2 --export=NONE --tunnel 8001:8000 --wrap \"" + script + "\"")) {
            String output = job.awaitEnd().output();

            assertThat(output.substring(0, output.indexOf("step")).lines()).containsAll(oneForwardOf("login"));
            assertThat(output.substring(output.indexOf("step")).lines().skip(1).sorted())
                    .containsExactlyElementsOf(times(2, oneForwardOf("login")));
        }
    }

    @Test
    void areThoseOfTheInnerTunnelInAStepThatHasItsOwn() {
        String step = "srun --tunnel only=8101:8100 " + PRINT;
        try (Job job = Job.submit(alice, "sbatch -w cn1 --tunnel a=8001:8000,b=8002:8000 --wrap \"" + step + "\"")) {
            assertThat(job.awaitEnd().output().lines().filter(line -> line.startsWith("STUNNEL_")))
                    .containsExactly(
                            "STUNNEL_0_HOST=cn1",
                            "STUNNEL_0_LISTEN=8101",
                            "STUNNEL_0_TARGET=localhost:8100",
                            "STUNNEL_COUNT=1",
                            "STUNNEL_ONLY_HOST=cn1",
                            "STUNNEL_ONLY_LISTEN=8101",
                            "STUNNEL_ONLY_TARGET=localhost:8100");
        }
    }

    private static List<String> oneForwardOf(String host) {
        return List.of(
                "STUNNEL_0_HOST=" + host,
                "STUNNEL_0_LISTEN=8001",
                "STUNNEL_0_TARGET=localhost:8000",
                "STUNNEL_COUNT=1");
    }

    private static List<String> times(int count, List<String> lines) {
        return lines.stream()
                .flatMap(line -> Collections.nCopies(count, line).stream())
                .toList();
    }

    private List<String> sorted(String commandLine) {
        return alice.type(commandLine).stdout().lines().sorted().toList();
    }
}
