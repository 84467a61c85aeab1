package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Too little of something: the tunnel comes up all the same, or its user reads what is missing. */
@TestbedTest
class LimitsIT {
    private static final String STEP = "srun -w cn1 --tunnel 8001:8000 echo started";
    private static final String JOB = "sbatch -w cn1 --tunnel 8001:8000 --wrap 'echo started'";
    private static final String NO_ROOM = "No space left on device";

    /** 32 characters, the most that useradd(8) takes. */
    private static final String LONG_NAME = "maximiliana.hohenzollern_sigmari";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");

    @Test
    void sixtyFourDescriptorsAreEnough() {
        assertThatStepStarted(alice.type("ulimit -n 64; " + STEP));
    }

    @Test
    void thousandsOfOpenFilesOfTheShellAreLeftToIt() {
        String open = "ulimit -n 6000; for i in {10..5009}; do eval \"exec $i</etc/hostname\"; done; ";
        try (RunningCommand step =
                alice.startTyped(open + "exec srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000")) {
            step.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(descriptors("srun")).isGreaterThan(5000);
            assertThat(descriptors("stunnel-keeper")).isLessThan(20);
            assertThat(descriptors("ssh")).isLessThan(20);
        }
    }

    private long descriptors(String program) {
        return login.output("bash", "-c", "ls /proc/$(pgrep --oldest --exact " + program + ")/fd")
                .lines()
                .count();
    }

    @Test
    void tooManyForwardsForTheDescriptorsAreRefused() {
        Outcome outcome = alice.type("ulimit -n 64; srun -w cn1 --tunnel 8001-8100:8001-8100 echo started");

        assertThatStepDidNotStart(outcome);
        assertThat(outcome.stderr()).contains("ssh cannot listen on", "`ulimit -n`");
    }

    @Test
    void nothingCanBeWritten() {
        Outcome outcome = alice.type("ulimit -f 0; srun -w cn1 --tunnel 8010:8000 echo started");

        assertThatStepDidNotStart(outcome);
        assertThat(outcome.stderr()).contains("`ulimit -f`");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-n 20", "-n 12", "-v 600000", "-v 300000", "-v 50000", "-u 5", "-f 0"})
    void otherLimitsOfTheShellLetItUpOrFailClearly(String limit) {
        Outcome outcome = alice.type("ulimit " + limit + "; " + STEP);

        if (outcome.exit() == 0) {
            assertThatStepStarted(outcome);
        } else {
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr()).containsPattern("error: |not opened: |fork: |Killed");
            assertThat(outcome.stderr()).doesNotContain("report this as a bug");
        }
    }

    @Test
    void jobOfSixtyMegabytesIsEnough() {
        assertThatStepStarted(withMemory("60M"));
    }

    @Test
    void tooLittleMemoryIsTold() {
        Outcome outcome = withMemory("10M");

        assertThat(outcome.exit()).isNotZero();
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("ended without an answer", "next: ");
    }

    /** In a memory cgroup, as Slurm makes one for a job with {@code --mem}; of version 1 where the kernel has that. */
    private Outcome withMemory(String bytes) {
        return login.bash("""
                if mount -t cgroup -o memory memory /mnt 2>/dev/null
                then limit=memory.limit_in_bytes members=tasks
                else mount -t cgroup2 cgroup2 /mnt; limit=memory.max members=cgroup.procs
                fi
                group=/mnt/stunnel-testbed-$$
                mkdir $group && echo %s >$group/$limit
                bash -c 'echo $$ >$1; exec setpriv --reuid=alice --regid=alice --init-groups \
                    env HOME=/home/alice USER=alice %s' - $group/$members </dev/null
                status=$?
                until rmdir $group; do sleep 0.1; done
                umount /mnt
                exit $status
                """.formatted(bytes, STEP));
    }

    @Test
    void submitHostsTmpIsFull() {
        try (TemporaryFolder full = TemporaryFolder.full(login)) {
            Outcome outcome = alice.type(STEP);

            assertThatStepDidNotStart(outcome);
            assertThat(outcome.stderr()).contains("/tmp/stunnel-", NO_ROOM, "next: make room there");
        }
    }

    /** The directory, ssh's log, its socket, and the socket's second name: the one that is missing is named. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void submitHostsTmpHasNoInodesLeft(int inodes) {
        try (TemporaryFolder few = TemporaryFolder.with(login, "nr_inodes=" + inodes)) {
            Outcome outcome = alice.type(STEP);

            assertThatStepDidNotStart(outcome);
            assertThat(outcome.stderr()).contains(NO_ROOM, "next: make room ");
        }
    }

    @Test
    void submitHostsTmpIsReadOnly() {
        try (TemporaryFolder readOnly = TemporaryFolder.with(login, "ro")) {
            Outcome outcome = alice.type(STEP);

            assertThatStepDidNotStart(outcome);
            assertThat(outcome.stderr()).contains("in /tmp: Read-only file system", "control.dir");
        }
    }

    @Test
    void nothingIsExecutedInTmp() {
        try (TemporaryFolder submitHosts = TemporaryFolder.with(login, "noexec");
                TemporaryFolder nodes = TemporaryFolder.with(node, "noexec")) {
            assertThatStepStarted(alice.type(STEP));
            try (Job job = Job.submit(alice, JOB)) {
                assertThat(job.awaitEnd().output()).contains("tunnel up: ", "started");
            }
        }
    }

    @Test
    void nodesTmpIsFull() {
        try (TemporaryFolder full = TemporaryFolder.full(node);
                Job job = Job.submit(alice, JOB)) {
            assertThat(job.awaitEnd().state()).isEqualTo("FAILED");
            assertThat(job.output()).contains("/tmp/stunnel-", NO_ROOM).doesNotContain("started");
        }
    }

    @Test
    void nodesTmpIsReadOnly() {
        try (TemporaryFolder readOnly = TemporaryFolder.with(node, "ro");
                Job job = Job.submit(alice, JOB)) {
            assertThat(job.awaitEnd().state()).isEqualTo("FAILED");
            assertThat(job.output()).contains("Read-only file system").doesNotContain("started");
        }
    }

    /** Slurm reads 4095 bytes of a line of plugstack.conf; the last of them count as well. */
    @Test
    void lineOfThePluginIsAsLongAsSlurmReads() {
        String most = "ssh_args=" + "-4|".repeat(1300);
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", most + "-4")) {
            assertThatStepStarted(alice.type(STEP));
        }
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", most + "-o|Port=1")) {
            assertThat(alice.type(STEP).stderr()).contains("port 1: Connection refused");
        }
    }

    @Test
    void userHasTheLongestName() {
        String passwd = login.output("cat", "/etc/passwd") + "\n";
        String shadow = login.output("cat", "/etc/shadow") + "\n";
        String entry = LONG_NAME + ":x:61234:61234::/home/" + LONG_NAME + ":/bin/bash\n";
        String home = "cp -a /home/alice /home/$0 && chown -R 61234:61234 /home/$0 && rm -f /home/$0/.ssh/config";
        try (ReplacedFile accounts = ReplacedFile.with(login, "/etc/passwd", passwd + entry);
                ReplacedFile passwords = ReplacedFile.with(login, "/etc/shadow", shadow + LONG_NAME + ":*:::::::\n")) {
            login.output("bash", "-c", home, LONG_NAME);
            Account user = login.as(LONG_NAME);

            assertThatStepStarted(user.type(STEP));
            try (Job job = Job.submit(user, JOB)) {
                assertThat(job.awaitEnd().output()).contains("tunnel up: ", "started");
            }
        } finally {
            login.output("rm", "-r", "/home/" + LONG_NAME);
        }
    }

    private static void assertThatStepStarted(Outcome outcome) {
        assertThat(outcome).isEqualTo(new Outcome(0, "started\n", "srun: tunnel up: login:8001 -> cn1:8000\n"));
    }

    private static void assertThatStepDidNotStart(Outcome outcome) {
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr()).contains("tunnel not opened: ");
    }
}
