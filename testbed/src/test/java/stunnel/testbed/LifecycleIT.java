package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** However a job or a part of its tunnel ends: nothing stays, and a tunnel that is still wanted comes back. */
@TestbedTest
class LifecycleIT {
    private static final String SERVE = "/opt/testbed/serve 8000";
    private static final String CONTROL_C = "\u0003";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");

    @Test
    void srunIsCancelled() {
        try (RunningCommand step = step()) {
            alice.output("scancel", "--user=alice");

            assertThat(step.outcome().exit()).isNotZero();
            assertThatTunnelEnds(login);
        }
    }

    @Test
    void srunIsInterrupted() {
        try (RunningCommand step = alice.startOnTerminal("srun -w cn1 --tunnel 8001:8000 " + SERVE)) {
            step.awaitStdout("serving");

            step.type(CONTROL_C);
            step.awaitStdout("interrupt (one more within 1 sec to abort)");
            step.type(CONTROL_C);

            step.outcome();
            assertThatTunnelEnds(login);
        }
    }

    @Test
    void srunIsKilled() {
        try (RunningCommand step = step()) {
            login.output("pkill", "--signal=KILL", "--oldest", "--exact", "srun");

            assertThatTunnelEnds(login);
            assertThat(step.outcome().exit()).isEqualTo(128 + 9);
        }
    }

    @Test
    void srunEndsWhileItsTunnelIsBeingOpened() {
        // A node that answers nothing: ssh would wait for its ConnectTimeout.
        Account sshServer = testbed.host("cn1");
        sshServer.type("kill -STOP $(cat /run/sshd.pid)");
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 " + SERVE)) {
            Await.until(
                    "ssh tries to connect", () -> !testbed.hostsRunning("ssh").isEmpty());

            step.kill();

            Await.until(
                    "nothing runs any more",
                    () -> testbed.hostsRunning("stunnel-keeper").isEmpty());
            assertThat(testbed.hostsRunning("ssh")).isEmpty();
            assertThat(testbed.hostsRunning("java")).isEmpty();
        } finally {
            sshServer.type("kill -CONT $(cat /run/sshd.pid)");
        }
    }

    @Test
    void batchJobIsCancelled() {
        try (Job job = job()) {
            job.cancel();

            assertThatTunnelEnds(node);
        }
    }

    @Test
    void batchJobReachesItsTimeLimit() {
        try (Job job = job()) {
            login.output("scontrol", "update", "jobid=" + job.id(), "endtime=now");

            // slurmctld looks for such jobs twice a minute.
            assertThat(Await.within(Duration.ofSeconds(45), () -> job.state().equals("TIMEOUT")))
                    .isTrue();
            assertThatTunnelEnds(node);
        }
    }

    @Test
    void stepDaemonOfABatchJobIsKilled() {
        try (Job job = job()) {
            node.output("pkill", "--signal=KILL", "--full", "slurmstepd: .*batch");

            assertThatTunnelEnds(node);
        } finally {
            // The task itself is left alone by Slurm.
            node.output("pkill", "--exact", "serve");
        }
    }

    @Test
    void keeperIsKilled() {
        try (RunningCommand step = step()) {
            login.output("pkill", "--signal=KILL", "--exact", "stunnel-keeper");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");

            step.terminate();
            step.outcome();
            assertThatTunnelEnds(login);
        }
    }

    @Test
    void keeperOfABatchJobIsKilled() {
        try (Job job = job()) {
            node.output("pkill", "--signal=KILL", "--exact", "stunnel-keeper");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");

            job.cancel();
            assertThatTunnelEnds(node);
        }
    }

    @Test
    void sshIsKilledAndComesBackOnTheSamePort() {
        try (RunningCommand step = step()) {
            login.output("pkill", "--signal=KILL", "--exact", "ssh");

            Await.until("the tunnel is back", () -> alice.reaches(8001));
            assertThat(testbed.hostsRunning("ssh")).containsExactly("login");
            assertThat(testbed.hostsRunning("java")).isEmpty();
        }
    }

    @Test
    void sshOfABatchJobIsKilledAndComesBackOnTheSamePort() {
        try (Job job = job()) {
            node.output("pkill", "--signal=KILL", "--exact", "ssh");

            Await.until("the tunnel is back", () -> alice.reaches(8001));
            assertThat(testbed.hostsRunning("ssh")).containsExactly("cn1");
        }
    }

    @Test
    void sshIsStopped() {
        try (RunningCommand step = step()) {
            login.output("pkill", "--signal=STOP", "--exact", "ssh");

            step.terminate();
            step.outcome();
            assertThatTunnelEnds(login);
        }
    }

    private RunningCommand step() {
        return alice.startTyped("srun -w cn1 --tunnel 8001:8000 " + SERVE).awaitStdout("serving");
    }

    private Job job() {
        return Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 --wrap 'exec " + SERVE + "'")
                .awaitOutput("serving");
    }

    /** The tunnel is closed while other parts of the job may still be there. The files are looked at in the end. */
    private void assertThatTunnelEnds(Account opener) {
        Await.until(
                "the tunnel is gone",
                () -> opener.run("ps", "-C", "ssh,stunnel-keeper,java").exit() != 0 && !login.listensOn(8001));
    }
}
