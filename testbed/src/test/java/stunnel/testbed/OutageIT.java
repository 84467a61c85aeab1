package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Parts of the cluster fail while a tunnel is there or on its way: it stays as long as its job does, and not longer. */
@TestbedTest
class OutageIT {
    private static final String SERVE = "/opt/testbed/serve 8000";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");

    /** Its shepherd, which srun forked before it knew of a tunnel, waits for slurmctld. */
    @Test
    void srunAloneIsKilledWhileSlurmctldHangs() {
        try (RunningCommand step = step()) {
            login.output("pkill", "--signal=STOP", "--exact", "slurmctld");
            try {
                assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");

                login.output("pkill", "--signal=KILL", "--oldest", "--exact", "srun");

                testbed.awaitEndOfTunnel("login", 8001);
            } finally {
                login.output("pkill", "--signal=CONT", "--exact", "slurmctld");
            }
        }
    }

    /** A job on one node that srun allocated itself: its prolog waits until slurmctld is asked in vain. */
    @Test
    void tunnelIsOpenedWhileSlurmctldHangs() {
        try (RunningCommand step = alice.startTyped(stepWithProlog(""))) {
            Await.until("the step is there", () -> alice.type("test -e waits").exit() == 0);
            login.output("pkill", "--signal=STOP", "--exact", "slurmctld");
            try {
                alice.output("rm", "waits");

                step.awaitStderr("tunnel up: login:8001 -> cn1:8000");
            } finally {
                login.output("pkill", "--signal=CONT", "--exact", "slurmctld");
            }
            step.awaitStdout("serving");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        } finally {
            alice.output("rm", "-f", "prolog", "waits");
        }
    }

    /** Of a step in a job that is there already only slurmctld knows the nodes. */
    @Test
    void stepOfAnotherJobIsToldThatSlurmctldHangs() {
        try (RunningCommand allocation = alice.startInteractive("salloc", "-w", "cn1", "bash")) {
            allocation.type("exec " + stepWithProlog(" --overlap"));
            Await.until("the step is there", () -> alice.type("test -e waits").exit() == 0);
            login.output("pkill", "--signal=STOP", "--exact", "slurmctld");
            try {
                alice.output("rm", "waits");

                allocation.awaitStderr("the tunnel cannot be opened: slurmctld did not answer within 2 s");
            } finally {
                login.output("pkill", "--signal=CONT", "--exact", "slurmctld");
            }
            assertThat(allocation.outcome().stdout()).isEmpty();
        } finally {
            alice.output("rm", "-f", "prolog", "waits");
        }
    }

    /** srun runs it between the making of the step and that of the tunnel. */
    private String stepWithProlog(String options) {
        alice.write("prolog", "#!/bin/sh\ntouch ~/waits\nwhile [ -e ~/waits ]; do sleep 0.02; done\n");
        alice.output("chmod", "755", "prolog");
        return "srun -w cn1" + options + " --prolog=/home/alice/prolog --tunnel 8001:8000 " + SERVE;
    }

    @Test
    void runtimeIsKilledInTheMiddleOfItsWork() {
        try (SilentSshServer silent = SilentSshServer.of(node);
                RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 echo started")) {
            testbed.awaitConnecting();

            login.output("pkill", "--signal=KILL", "--exact", "java");

            Outcome outcome = step.outcome();
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr())
                    .contains("the Java runtime ended without an answer", "`/opt/slurm-stunnel/bin/stunnel doctor`");
            testbed.awaitEndOfTunnel("login", 8001);
        }
    }

    @Test
    void terminalIsLost() {
        try (RunningCommand terminal = alice.startOnTerminal("srun -w cn1 --tunnel 8001:8000 " + SERVE)) {
            terminal.awaitStdout("serving");

            // The terminal's other side, as when a window is closed or the connection to the submit host breaks.
            terminal.kill();

            testbed.awaitEndOfTunnel("login", 8001);
        }
    }

    @Test
    void nodeLosesItsPower() {
        try (RunningCommand step = step();
                Job job = Job.submit(
                        alice, "sbatch --no-requeue -w cn1 --tunnel 8002:8003 --wrap 'exec /opt/testbed/serve 8003'")) {
            job.awaitOutput("serving");
            assertThat(alice.fetch(8002)).isEqualTo("hello from cn1:8003");

            testbed.kill("cn1");
            // As its monitoring would, or slurmctld itself after SlurmdTimeout.
            login.output("scontrol", "update", "nodename=cn1", "state=down", "reason=power");

            Await.until("the batch job's port is free", () -> !alice.listensOn(8002));
            testbed.boot("cn1");
            assertThat(job.awaitEnd().state()).isEqualTo("NODE_FAIL");
            step.outcome();
            testbed.awaitEndOfTunnel("login", 8001);
        }
    }

    @Test
    void slurmdIsRestarted() {
        try (RunningCommand step = step();
                Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8002:8003 --wrap 'exec /opt/testbed/serve 8003'")) {
            job.awaitOutput("serving");

            SlurmNode.restart(node);

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.fetch(8002)).isEqualTo("hello from cn1:8003");
            job.cancel();
            testbed.awaitEndOfTunnel("cn1", 8002);
        }
    }

    @Test
    void slurmdStartsWithSettingsThatNobodyCanRead() {
        try (ReplacedFile garbage = ReplacedFile.settings(testbed, "ssh { = }")) {
            SlurmNode.restart(node);

            assertThat(alice.type("srun -w cn1 echo started").stdout()).isEqualTo("started\n");
        }
    }

    /** An extern step of each job is on the node before the tunnel is opened. */
    @Test
    void jobsAreContainedByTheProlog() {
        try (SlurmParameter contain = SlurmParameter.set(testbed, "PrologFlags", "Contain");
                RunningCommand step = step();
                Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8002:8003 --wrap 'exec /opt/testbed/serve 8003'")) {
            job.awaitOutput("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.fetch(8002)).isEqualTo("hello from cn1:8003");
            job.cancel();
            testbed.awaitEndOfTunnel("cn1", 8002);
        }
    }

    private RunningCommand step() {
        RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 " + SERVE);
        step.awaitStdout("serving");
        assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        return step;
    }
}
