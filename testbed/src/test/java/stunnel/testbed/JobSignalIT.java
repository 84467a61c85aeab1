package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals that are meant for a job's own programs, as of scancel or of sbatch's {@code --signal}, leave its tunnel alone. */
@TestbedTest
class JobSignalIT {
    private static final List<String> SIGNALS = List.of("USR1", "USR2", "INT", "HUP", "TERM", "QUIT", "ALRM");

    /** Tells each signal that it gets; what serves gets them, too, and heeds none. */
    private static final String SCRIPT = """
            #!/bin/bash
            for name in %1$s; do trap "echo got $name." $name; done
            (trap '' %1$s; exec /opt/testbed/serve 8000) &
            while kill -0 $! 2>/dev/null; do wait; done
            """.formatted(String.join(" ", SIGNALS));

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");

    @ParameterizedTest
    @ValueSource(strings = {"--batch", "--full"})
    void areNotForTheTunnelOfABatchJob(String toWhom) {
        try (Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 <<'END'\n" + SCRIPT + "END\n")) {
            job.awaitOutput("serving");
            String before = tunnel(node);
            for (String signal : SIGNALS) {
                alice.output("scancel", "--signal=" + signal, toWhom, job.id());
                job.awaitOutput("got " + signal + ".");
            }

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(tunnel(node)).isEqualTo(before);
            endServer();
        }
    }

    @Test
    void areNotForTheTunnelOfAStep() {
        alice.write("script", SCRIPT);
        try (RunningCommand shell = alice.startAllocation("-w cn1 --tunnel 8001:8000")) {
            shell.type("srun bash script </dev/null &");
            shell.awaitStdout("serving");
            String before = tunnel(node);
            for (String signal : SIGNALS) {
                shell.type("scancel --signal=" + signal + " $SLURM_JOB_ID");
                shell.awaitStdout("got " + signal + ".");
            }

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(tunnel(node)).isEqualTo(before);
            endServer();
        } finally {
            alice.output("rm", "script");
        }
    }

    /** By the user, for a while, with Ctrl-Z. */
    @Test
    void srunThatIsStoppedKeepsItsTunnel() {
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000")) {
            step.awaitStdout("serving");
            String before = tunnel(login);
            login.output("pkill", "--signal=STOP", "--exact", "srun");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");

            login.output("pkill", "--signal=CONT", "--exact", "srun");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(tunnel(login)).isEqualTo(before);
        }
    }

    /** Its processes, by their numbers. */
    private static String tunnel(Account host) {
        return host.output("ps", "-C", "ssh,stunnel-keeper", "-o", "pid=,comm=");
    }

    /** So that its job ends by itself: SIGTERM does not end it, as Slurm would have to find out. */
    private void endServer() {
        node.output("pkill", "--exact", "serve");
    }
}
