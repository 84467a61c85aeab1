package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The line that tells the user what reaches what. */
@TestbedTest
class AnnouncementIT {
    private static final String UP = "tunnel up: login:8001 -> cn1:8000, cn1:9001 -> license_server:1900 via login\n";
    private static final String OPTION = "--tunnel 8001:8000,R9001:license_server:1900 ";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void isOneLineOnStandardError() {
        assertThat(alice.type("srun -w cn1 " + OPTION + "echo ran")).isEqualTo(new Outcome(0, "ran\n", "srun: " + UP));
    }

    /** Slurm would wait for 5 s before it gave up writing to a connection of its own. */
    @Test
    void goesIntoNoConnectionOfSlurmsWhereStandardErrorIsClosed() {
        String srun = "srun -w cn1 --tunnel 8001:8000 sh -c 'ssh login readlink /proc/$SRUN/fd/2' 2>&-";

        assertThat(alice.type("export SRUN=$$; exec " + srun)).isEqualTo(new Outcome(0, "/dev/null\n", ""));
    }

    @Test
    void isLeftOutForAQuietSrun() {
        assertThat(alice.type("srun -w cn1 --quiet " + OPTION + "echo ran")).isEqualTo(new Outcome(0, "ran\n", ""));
    }

    @Test
    void takesNoWarningWithIt() {
        String warning = "warning: log.file is not used: ";
        String settings = "log { level = info, file = \"/nowhere/log\" }, login.host = \"%h\"\n";
        try (ReplacedFile file = ReplacedFile.settings(testbed, settings)) {
            assertThat(alice.type("srun -w cn1 --tunnel 8001:8000 true")
                            .stderr()
                            .lines())
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith(warning),
                            line -> assertThat(line).isEqualTo("srun: tunnel up: login:8001 -> cn1:8000"),
                            line -> assertThat(line).startsWith("srun: on your own computer: "));
            assertThat(alice.type("srun -w cn1 --quiet --tunnel 8001:8000 true").stderr())
                    .startsWith(warning)
                    .hasLineCount(1);
            alice.type("sbatch --quiet --wait --output=quiet.out -w cn1 --tunnel 8001:8000 --wrap 'echo ran'");
            assertThat(alice.output("cat", "quiet.out"))
                    .startsWith(warning)
                    .endsWith("\nran")
                    .hasLineCount(2);
        }
    }

    @Test
    void isLeftOutIfTheSiteDoesNotWantIt() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, "log.announce = false\n")) {
            assertThat(alice.type("srun -w cn1 " + OPTION + "echo ran")).isEqualTo(new Outcome(0, "ran\n", ""));
        }
    }

    @Test
    void goesToTheOutputOfABatchJob() {
        try (Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 --wrap 'echo ran'")) {
            assertThat(job.awaitEnd().output()).isEqualTo("tunnel up: login:8001 -> cn1:8000\nran\n");
        }
    }

    @Test
    void isLeftOutForAQuietBatchJob() {
        alice.type("sbatch --quiet --wait --output=quiet.out -w cn1 --tunnel 8001:8000 --wrap 'echo ran'");

        assertThat(alice.output("cat", "quiet.out")).isEqualTo("ran");
    }

    @Test
    void isWrittenOnceForManyTasks() {
        assertThat(alice.type("salloc --quiet -N2 -n4 --tunnel 8001:8000 srun true")
                        .stderr())
                .isEqualTo("");
        assertThat(alice.type("salloc -N2 -n4 --tunnel 8001:8000 srun true").stderr())
                .containsOnlyOnce("tunnel up: login:8001 -> cn1:8000\n");
    }
}
