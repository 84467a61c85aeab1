package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A command that is told to end while its tunnel is judged or opened ends, and does not wait for that. */
@TestbedTest
class InterruptedStartIT {
    private static final String SRUN = "srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000";
    private static final String CONTROL_C = "\u0003";
    private static final String CONTROL_Z = "\u001a";
    private static final String INTERRUPTED = "interrupted: the tunnel was not opened";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP", "QUIT"})
    void srunThatOpensItsTunnelEndsBySignal(String signal) {
        try (SilentSshServer silent = SilentSshServer.of(node);
                RunningCommand srun = alice.startTyped(SRUN)) {
            testbed.awaitConnecting();

            login.output("pkill", "--signal=" + signal, "--oldest", "--exact", "srun");

            assertThat(srun.outcome().exit()).isEqualTo(1);
            assertThat(srun.outcome().stderr()).contains(INTERRUPTED).doesNotContain("timed out");
            awaitEnd();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SRUN, "srun -w cn1 --tunnel 8001:8000 hostname : -w cn2 hostname"})
    void srunThatOpensItsTunnelEndsByControlC(String commandLine) {
        try (SilentSshServer silent = SilentSshServer.of(node);
                RunningCommand srun = alice.startOnTerminal(commandLine)) {
            testbed.awaitConnecting();

            srun.type(CONTROL_C);

            srun.awaitStdout(INTERRUPTED);
            assertThat(srun.outcome().exit()).isNotZero();
            assertThat(srun.outcome().stdout()).doesNotContain("timed out");
            awaitEnd();
        }
    }

    /** Ctrl-Z stops srun alone: its tunnel is opened meanwhile. */
    @Test
    void srunThatOpensItsTunnelIsStoppedAndGoesOn() {
        try (RunningCommand shell = alice.startOnTerminal("bash --norc")) {
            try (SilentSshServer silent = SilentSshServer.of(node)) {
                shell.type(SRUN);
                testbed.awaitConnecting();

                shell.type(CONTROL_Z);

                shell.awaitStdout("Stopped");
            }
            Await.until("the tunnel is opened", () -> alice.listensOn(8001));
            shell.type("fg");

            shell.awaitStdout("serving");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            login.output("pkill", "--oldest", "--exact", "srun");
            awaitEnd();
        }
    }

    /** A stopped runtime never comes to a verdict. The command dies of the signal, as without the plugin. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            srun,hostname,HUP,1
            srun,hostname,INT,2
            srun,hostname,QUIT,3
            srun,hostname,TERM,15
            sbatch,--wrap hostname,HUP,1
            sbatch,--wrap hostname,INT,2
            sbatch,--wrap hostname,QUIT,3
            sbatch,--wrap hostname,TERM,15
            salloc,hostname,HUP,1
            salloc,hostname,INT,2
            salloc,hostname,QUIT,3
            salloc,hostname,TERM,15
            """)
    void commandWhoseTunnelIsJudgedEndsBySignal(String command, String rest, String signal, int number) {
        try (RunningCommand stopper = login.startTyped(
                                "echo watching; until pkill --signal=STOP --exact java; do :; done")
                        .awaitStdout("watching");
                RunningCommand client = alice.startTyped("%s --tunnel 8001:8000 %s".formatted(command, rest))) {
            assertThat(stopper.outcome().exit()).isZero();

            login.output("pkill", "--signal=" + signal, "--exact", command);

            assertThat(client.outcome().exit()).isEqualTo(128 + number);
            awaitEnd();
        }
    }

    private void awaitEnd() {
        testbed.awaitEndOfTunnel("login", 8001);
        Await.until(
                "its job has ended", () -> alice.output("squeue", "--noheader").isEmpty());
    }
}
