package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tunnels of salloc: opened by the node that starts the task, towards the submit host. */
@TestbedTest
class SallocTunnelIT {
    private static final String SERVE = "/opt/testbed/serve 8000";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account node = testbed.host("cn1");

    @Test
    void isOpenedByTheFirstComponentOfAHeterogeneousStepAlone() {
        try (RunningCommand shell = alice.startAllocation("-w cn1 --tunnel 8001:8000 : -w cn2")) {
            shell.type("srun --het-group=0,1 " + SERVE + " </dev/null &");
            Await.until(
                    "both components run or one has failed",
                    () -> shell.stdout().lines().filter("serving"::equals).count() == 2
                            || shell.stderr().contains("not opened"));

            // Slurm brings what a node writes to its two streams in no order of its own.
            shell.awaitStderr("tunnel up: login:8001 -> cn1:8000");
            assertThat(shell.stderr()).doesNotContain("not opened");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("cn1");
        }
    }

    @Test
    void isNotOpenedForAShellOnTheSubmitHost() {
        Outcome outcome = alice.type("salloc -w cn1 --tunnel 8001:8000 ps -C stunnel-keeper,ssh -o args=");

        assertThat(outcome.stdout()).isEmpty();
    }

    @Test
    void isOpenedByTheStepOfEachSrun() {
        try (RunningCommand shell = alice.startAllocation("-w cn2 --tunnel 8001:8000")) {
            shell.type("srun " + SERVE + " </dev/null &");
            shell.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn2:8000");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("cn2");
        }
    }

    @Test
    void isOpenedOnceForAllTasksOfAStep() {
        String firstTaskServes = "if [ $SLURM_PROCID = 0 ]; then exec " + SERVE + "; else echo task; sleep 600; fi";
        try (RunningCommand shell = alice.startAllocation("-N2 -n4 --tunnel 8001:8000")) {
            shell.type("srun bash -c '" + firstTaskServes + "' </dev/null &");
            shell.awaitStdout("serving");
            // The others wait for the first one on their own node alone.
            Await.until(
                    "all tasks have started",
                    () -> shell.stdout().lines().filter("task"::equals).count() == 3);

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("cn1");
        }
    }

    @Test
    void isSharedByTwoStepsAndTakenOverByTheOneThatStays() {
        try (RunningCommand shell = twoSteps()) {
            String first = masters();
            shell.type("scancel $SLURM_JOB_ID.0");

            awaitThatTheSecondStepHoldsTheTunnel(first);
        }
    }

    @Test
    void isTakenOverWhenTheStepDaemonOfItsHolderIsKilled() {
        try (RunningCommand shell = twoSteps()) {
            String first = masters();
            node.output("pkill", "--signal=KILL", "--full", "^slurmstepd: \\[[0-9]+\\.0\\]");

            awaitThatTheSecondStepHoldsTheTunnel(first);
            // The task itself is left alone by Slurm.
            node.output("pkill", "--exact", "sleep");
        }
    }

    /** Its ssh goes on without it, until its step ends. */
    @Test
    void staysWhenTheKeeperOfItsHolderIsKilledAndIsTakenOverAtTheEndOfThat() {
        try (RunningCommand shell = twoSteps()) {
            String first = masters();
            node.output("pkill", "--signal=KILL", "--oldest", "--exact", "stunnel-keeper");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");

            shell.type("scancel $SLURM_JOB_ID.0");

            awaitThatTheSecondStepHoldsTheTunnel(first);
        }
    }

    /** The first one holds the tunnel, the second one serves. */
    private RunningCommand twoSteps() {
        RunningCommand shell = alice.startAllocation("-w cn1 -n2 --tunnel 8001:8000");
        shell.type("srun -n1 --overlap sh -c 'echo first; exec sleep 600' </dev/null &");
        shell.awaitStdout("first");
        shell.type("srun -n1 --overlap " + SERVE + " </dev/null &");
        shell.awaitStdout("serving");
        assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        assertThat(testbed.hostsRunning("ssh")).containsExactly("cn1");
        return shell;
    }

    private void awaitThatTheSecondStepHoldsTheTunnel(String first) {
        Await.until("the first step's ssh is gone, and the second step has one", () -> {
            String now = masters();
            return !now.isEmpty() && !now.contains(first);
        });
        Await.until(
                "the first step's keeper is gone",
                () -> testbed.hostsRunning("stunnel-keeper").equals(List.of("cn1")));
        Await.until("the second step holds the tunnel", () -> alice.reaches(8001));
    }

    /** The numbers of the ssh processes there. */
    private String masters() {
        return node.run("pgrep", "--exact", "ssh").stdout().strip();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8001:8000", "8001:8000,R/tmp/alice.sock:8000"})
    void isTakenOverByAStepOnAnotherHost(String spec) {
        try (RunningCommand shell = alice.startAllocation("-N2 --tunnel " + spec)) {
            shell.type("srun -N1 -w cn1 --overlap " + SERVE + " </dev/null &");
            shell.awaitStdout("serving");
            shell.type("srun -N1 -w cn2 --overlap " + SERVE + " </dev/null &");
            shell.awaitStderr("the tunnel's port or socket is taken, it seems by another step of job ");
            shell.awaitStderr(": this step starts, and opens its own when that is free\n");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");

            testbed.host("cn1").output("pkill", "--exact", "serve");

            shell.awaitStderr("tunnel up: login:8001 -> cn2:8000");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn2:8000");
        }
    }

    @Test
    void failsWhereSomebodyElseHasItsPort() {
        try (RunningCommand other = alice.as("bob").serve(8001)) {
            Outcome outcome = alice.type("salloc -N2 --tunnel 8001:8000 srun -N1 -w cn1 hostname");

            assertThat(outcome.stderr()).contains("ssh cannot listen on 127.0.0.1:8001 of login");
            assertThat(outcome.stderr()).doesNotContain("this step starts");
            assertThat(outcome.exit()).isNotZero();
            assertThat(other.isRunning()).isTrue();
        }
    }

    @Test
    void leavesAStepWithAnOptionOfItsOwnToThatStep() {
        try (RunningCommand shell = alice.startAllocation("-w cn1 --tunnel 8001:8000")) {
            shell.type("srun --tunnel 8101:8000 " + SERVE + " </dev/null &");
            shell.awaitStdout("serving");

            assertThat(alice.fetch(8101)).isEqualTo("hello from cn1:8000");
            assertThat(alice.listensOn(8001)).isFalse();
            assertThat(testbed.hostsRunning("ssh")).containsExactly("login");
        }
    }

    @Test
    void isHeldByTheInteractiveStepForTheStepsInIt() {
        try (SlurmParameter interactive = SlurmParameter.set(testbed, "LaunchParameters", "use_interactive_step");
                RunningCommand shell = alice.startOnTerminal("salloc -w cn1 -n2 --tunnel 8001:8000")) {
            shell.awaitStdout("tunnel up: login:8001 -> cn1:8000");
            shell.type("srun -n1 --overlap " + SERVE + " </dev/null &");
            shell.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("cn1");

            shell.type("kill %1; wait; exit");
            shell.outcome();
        }
    }
}
