package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A value of --tunnel that is wrong stops srun, sbatch and salloc before they ask Slurm for anything. */
@TestbedTest
class RefusedSpecIT {
    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private String nextJob = "";

    @BeforeEach
    void noteNextJob() {
        nextJob = nextJob();
    }

    @AfterEach
    void nothingWasSubmitted() {
        assertThat(nextJob()).isEqualTo(nextJob);
    }

    @ParameterizedTest
    @ValueSource(strings = {"srun %s hostname", "sbatch %s --wrap hostname", "salloc %s hostname"})
    void pointsAtTheMistake(String command) {
        assertThat(alice.type(command.formatted("--tunnel 8001:8000,8001x:8000")))
                .isEqualTo(new Outcome(1, "", """
                                --tunnel:1:11: error: 8001x is not a port [not-a-port]
                                    8001:8000,8001x:8000
                                              ^^^^^
                                  hint: a port is a number from 1 to 65535, in digits alone
                                """));
    }

    @ParameterizedTest
    @ValueSource(strings = {"srun %s hostname", "sbatch %s --wrap hostname", "salloc %s hostname"})
    void stopsTheCommandUnderAnOptionalLineToo(String command) {
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "optional")) {
            Outcome outcome = alice.type(command.formatted("--tunnel L8001::8000"));

            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stderr()).startsWith("--tunnel:1:7: error: the host to connect to is missing here");
        }
    }

    @Test
    void pointsAtEveryMistakeInOneRun() {
        Outcome outcome = alice.type("srun --tunnel 8001:70000,80:80,8002:8000,1:2:3:4:5 hostname");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr().lines().filter(line -> line.contains(": error: ")))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("--tunnel:1:6: ").endsWith(" [port-out-of-range]"),
                        line -> assertThat(line).startsWith("--tunnel:1:12: ").endsWith(" [privileged-port]"),
                        line -> assertThat(line).startsWith("--tunnel:1:35: ").endsWith(" [too-many-fields]"));
    }

    /** As -L of ssh may be; Slurm hands over each of them, and goes by the last one. */
    @ParameterizedTest
    @ValueSource(strings = {"srun %s hostname", "salloc %s hostname"})
    void saysThatOneOfSeveralCounts(String command) {
        Outcome outcome = alice.type(command.formatted("--tunnel 8001:8000 --tunnel 8001x"));

        assertThat(outcome.stderr()).startsWith("""
                        --tunnel: warning: it is given more than once, and Slurm takes the last one alone
                          hint: write one, with commas between the forwards: 8001:8000,8889:8888
                        --tunnel:1:1: error: 8001x is not a port""");
    }

    /** Before a script goes the command line, and before the job's tunnel that of a step. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "sbatch --tunnel 8001x script",
                "srun --tunnel 8001x --tunnel 8001x hostname",
                "SLURM_SPANK__SLURM_SPANK_OPTION_stunnel_tunnel=8001:8000 srun --tunnel 8001x hostname"
            })
    void saysNothingOfWhatIsMeantToBeReplaced(String command) {
        alice.write("script", "#!/bin/bash\n#SBATCH --tunnel=R8001:8000\ntrue\n");

        assertThat(alice.type(command).stderr()).startsWith("--tunnel:1:1: error: 8001x is not a port");
    }

    @Test
    void readsTheDirectiveOfABatchScriptToo() {
        alice.write("script", "#!/bin/bash\n#SBATCH --tunnel=R8001:\ntrue\n");

        Outcome outcome = alice.type("sbatch script");

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("--tunnel:1:7: error: ").contains("^");
    }

    @ParameterizedTest
    @ValueSource(strings = {"srun %s hostname", "sbatch %s --wrap hostname", "salloc %s hostname"})
    void refusesAValueThatIsTooLong(String command) {
        String longValue = "$(printf '8001:8000,%.0s' {1..7000})8002:8000";

        Outcome outcome = alice.type(command.formatted("--tunnel=" + longValue));

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("65536 bytes").hasSizeLessThan(500);
    }

    private String nextJob() {
        return alice.type("scontrol show config | grep NEXT_JOB_ID").stdout();
    }
}
