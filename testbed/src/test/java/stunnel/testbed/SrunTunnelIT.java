package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Tunnels of srun: opened by srun itself, on its own host, towards the first node of its step. */
@TestbedTest
class SrunTunnelIT {
    private static final String SERVE = " /opt/testbed/serve 8000";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void listensOnTheSubmitHost() {
        try (RunningCommand step = alice.startTyped("srun -w cn2 --tunnel 8001:8000" + SERVE)) {
            step.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn2:8000");
            assertThat(testbed.hostsRunning("stunnel-keeper")).containsExactly("login");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("login");
            assertThat(testbed.hostsRunning("java")).isEmpty();
        }
    }

    @Test
    void listensOnTheNodeForTheOtherDirection() {
        try (RunningCommand server = alice.as("bob").serve(8000)) {
            Outcome outcome = alice.type("srun -w cn2 --tunnel R8001:8000 /opt/testbed/fetch 8001");

            assertThat(outcome.stdout()).isEqualTo("hello from login:8000\n");
        }
    }

    @Test
    void opensOneTunnelForManyTasksOnTwoNodes() {
        String firstTaskServes = "if [ $SLURM_PROCID = 0 ]; then exec /opt/testbed/serve 8000; else sleep 600; fi";
        try (RunningCommand step =
                alice.startTyped("srun -N2 -n4 --tunnel 8001:8000 bash -c '" + firstTaskServes + "'")) {
            step.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("login");
        }
    }

    @Test
    void leadsToTheFirstNodeOfTheStepAndNotOfTheAllocation() {
        try (RunningCommand allocation = alice.startInteractive("salloc", "-N2", "bash")) {
            allocation.type("exec srun -w cn2 -N1 -n1 --tunnel 8001:8000" + SERVE);
            allocation.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn2:8000");
        }
    }

    /** Whose environment says nothing of the job: it takes an allocation that somebody else made for one of its own. */
    @Test
    void leadsToTheFirstNodeOfTheStepInAJobThatIsNamed() {
        alice.output("salloc", "-N2", "--no-shell", "--job-name=named");
        String job = alice.output("squeue", "--noheader", "--name=named", "--format=%i");
        try (RunningCommand step =
                alice.startTyped("srun --jobid=" + job + " -w cn2 -N1 -n1 --tunnel 8001:8000" + SERVE)) {
            step.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn2:8000");
        } finally {
            alice.output("scancel", job);
        }
    }

    @Test
    void opensItsTunnelWithoutTheUsersEnvironmentToo() {
        try (RunningCommand step = alice.startTyped("srun -w cn1 --export=NONE --tunnel 8001:8000" + SERVE)) {
            step.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        }
    }

    @Test
    void leadsToTheFirstNodeOfTheFirstComponentOfAHeterogeneousStep() {
        try (RunningCommand step = alice.startTyped("srun -w cn2 --tunnel 8001:8000" + SERVE + " : -w cn1 sleep 600")) {
            step.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn2:8000");
        }
    }

    @Test
    void choosesNoPortForAHeterogeneousStep() {
        Outcome outcome = alice.type("srun -w cn1 --tunnel auto:8000 true : -w cn2 true");

        assertThat(outcome.stderr())
                .contains("tunnel not opened: forward Lauto:8000: auto chooses no port for a heterogeneous step")
                .contains("next: name a port");
        assertThat(outcome.exit()).isNotZero();
    }

    @Test
    void holdsTheTunnelsOfManyStepsAtOnce() {
        try (RunningCommand allocation = alice.startAllocation("-N2")) {
            allocation.type("srun -w cn1 -N1 -n1 --overlap --tunnel 8001:8000" + SERVE + " </dev/null &");
            allocation.type("srun -w cn2 -N1 -n1 --overlap --tunnel 8002:8000" + SERVE + " </dev/null &");

            Await.until("both servers are reached", () -> alice.reaches(8001) && alice.reaches(8002));
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.fetch(8002)).isEqualTo("hello from cn2:8000");
            assertThat(testbed.hostsRunning("ssh")).isEqualTo(Collections.nCopies(2, "login"));
        }
    }
}
