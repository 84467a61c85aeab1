package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A tunnel that cannot be opened: what its user reads, and what becomes of the job. */
@TestbedTest
class FailedTunnelIT {
    private static final String JAVA = "/opt/slurm-stunnel/libexec/java";

    /** The seventh and eighth byte of a class file are the number of its version. */
    private static final String CLAIM_NEWER_JAVA = """
            cd $(mktemp --directory) && quiet=-J-XX:-UsePerfData && jar $quiet --extract --file $0 stunnel || exit
            for class in stunnel/runtime/Main stunnel/cli/StunnelCommand; do
                printf '\\0\\377' | dd of=$class.class bs=1 seek=6 conv=notrunc status=none || exit
            done
            jar $quiet --update --file $0 stunnel && rm -r "$PWD"
            """;

    private static final String NEW_HOSTS = "GlobalKnownHostsFile /dev/null\nUserKnownHostsFile /dev/null\n";
    private static final String NO_KEY = "IdentitiesOnly yes\nIdentityFile /dev/null\n";

    private final Testbed testbed = Testbed.shared();
    private final Account root = testbed.host("login");
    private final Account alice = testbed.alice();
    private final Account bob = alice.as("bob");

    @Test
    void localPortIsTaken() {
        try (RunningCommand holder = bob.serve(8001)) {
            Outcome outcome = alice.type("srun -w cn1 --tunnel 8001:8000 echo started");

            assertThatStepDidNotStart(outcome);
            assertThat(outcome.stderr()).contains("8001", "cn1", "Address already in use");
        }
    }

    @Test
    void remotePortIsTaken() {
        try (RunningCommand holder = bob.on("cn1").serve(8001)) {
            Outcome outcome = alice.type("srun -w cn1 --tunnel R8001:8000 echo started");

            assertThatStepDidNotStart(outcome);
            assertThat(outcome.stderr()).contains("8001", "cn1", "remote port forwarding failed");
        }
    }

    @Test
    void onePortOfManyIsTaken() {
        try (RunningCommand holder = bob.serve(8003)) {
            Outcome outcome = alice.type("srun -w cn1 --tunnel 8001:8000,8002:8000,8003:8000 echo started");

            assertThatStepDidNotStart(outcome);
            assertThat(outcome.stderr()).contains("8003").doesNotContain("8001", "8002");
        }
    }

    @Test
    void submitHostsPortIsTakenForABatchJob() {
        try (RunningCommand holder = bob.serve(8001);
                Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 --wrap 'echo started'")) {
            assertThat(job.awaitEnd().state()).isEqualTo("FAILED");
            assertThat(job.output()).contains("8001", "login").doesNotContain("started");
        }
    }

    @Test
    void nodeHasNoSshServer() {
        Account node = testbed.host("cn1");
        node.type("kill $(cat /run/sshd.pid)");
        try {
            Outcome outcome = alice.type("srun -w cn1 --tunnel 8001:8000 echo started");

            assertThatStepDidNotStart(outcome);
            assertThat(outcome.stderr()).contains("cn1", "Connection refused").doesNotContain("(attempt ");
        } finally {
            node.output("/usr/sbin/sshd", "-E", "/var/log/sshd.log");
        }
    }

    @Test
    void nodeDoesNotAnswer() {
        Account node = testbed.host("cn1");
        try (SilentSshServer silent = SilentSshServer.of(node);
                ReplacedFile settings = ReplacedFile.settings(testbed, "ssh.connect-timeout = 1s\n")) {
            Outcome outcome = alice.type("srun -w cn1 --tunnel 8001:8000 echo started");

            assertThatStepDidNotStart(outcome);
            assertThat(outcome.stderr()).contains("cn1", "timed out");
        }
    }

    @Test
    void hostKeyIsNotKnown() {
        try (ReplacedFile configuration = ReplacedFile.with(alice, ".ssh/config", NEW_HOSTS)) {
            assertThat(withoutPrompt("srun -w cn1 --tunnel 8001:8000 echo started"))
                    .contains("cn1", "Host key verification failed");
        }
    }

    @Test
    void keyIsNotAccepted() {
        try (ReplacedFile configuration = ReplacedFile.with(alice, ".ssh/config", NO_KEY)) {
            assertThat(withoutPrompt("srun -w cn1 --tunnel 8001:8000 echo started"))
                    .contains("cn1", "Permission denied");
        }
    }

    @Test
    void javaIsMissing() {
        root.output("mv", JAVA, JAVA + ".away");
        try {
            Outcome outcome = alice.type("sbatch --tunnel 8001:8000 --wrap hostname");

            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr()).contains("Java", JAVA);
            assertThat(alice.type("srun hostname").exit())
                    .as("without a tunnel")
                    .isZero();
        } finally {
            root.output("mv", JAVA + ".away", JAVA);
        }
    }

    /** By the number of its processor, the nineteenth byte of an executable file; 22 is no machine that has this test. */
    @Test
    void javaIsForAnotherProcessor() {
        String copy = "cp $(readlink -f $0.away) $0 && printf '\\26' | dd of=$0 bs=1 seek=18 conv=notrunc status=none";
        root.output("mv", JAVA, JAVA + ".away");
        try {
            root.output("bash", "-c", copy, JAVA);

            Outcome outcome = alice.type("sbatch --tunnel 8001:8000 --wrap hostname");

            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr()).contains("Java", "next: ");
        } finally {
            root.output("mv", JAVA + ".away", JAVA);
        }
    }

    @Test
    void runtimeIsDamaged() {
        String jar = "/opt/slurm-stunnel/lib/java/stunnel-runtime.jar";
        root.output("cp", "--preserve", jar, jar + ".whole");
        root.output("truncate", "--size=1000", jar);
        try {
            Outcome outcome = alice.type("sbatch --tunnel 8001:8000 --wrap hostname");

            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr()).contains("error: the Java runtime ended");
        } finally {
            root.output("mv", jar + ".whole", jar);
        }
    }

    /** What Java is to say of a program that was made for a newer one, it says for real: the jar claims to be for Java 211. */
    @Test
    void javaIsTooOld() {
        String jar = "/opt/slurm-stunnel/lib/java/stunnel-runtime.jar";
        root.output("cp", "--preserve", jar, jar + ".whole");
        try {
            root.output("bash", "-c", CLAIM_NEWER_JAVA, jar);

            Outcome outcome = alice.type("sbatch --tunnel 8001:8000 --wrap hostname");

            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.stdout()).isEmpty();
            assertThat(outcome.stderr()).contains("ended without an answer", "`/opt/slurm-stunnel/bin/stunnel doctor`");
            assertThat(alice.type("/opt/slurm-stunnel/bin/stunnel doctor").stdout())
                    .contains("is older than Java 17", "next: let " + JAVA + " link to a Java 17 or newer");
        } finally {
            root.output("mv", jar + ".whole", jar);
        }
    }

    @Test
    void javaIsMissingOnTheNodeAlone() {
        try (Job job = Job.submit(alice, "sbatch --hold -w cn1 --tunnel 8001:8000 --wrap 'echo started'")) {
            root.output("mv", JAVA, JAVA + ".away");

            alice.output("scontrol", "release", job.id());

            assertThat(job.awaitEnd().state()).isEqualTo("FAILED");
            assertThat(job.output()).contains("Java", JAVA).doesNotContain("started");
        } finally {
            root.output("mv", JAVA + ".away", JAVA);
        }
    }

    /** Its tunnel would be root's, who judged its value. */
    @Test
    void srunOfRootIsForAnotherUser() {
        Outcome outcome = root.type("srun --uid=alice -w cn1 --tunnel 8001:8000 echo started");

        assertThatStepDidNotStart(outcome);
        assertThat(outcome.stderr()).contains("the job's user is ", "instead of with --uid");
    }

    /** What a person at a terminal reads, who is asked for nothing. */
    private String withoutPrompt(String commandLine) {
        try (RunningCommand step = alice.startOnTerminal(commandLine)) {
            Outcome outcome = step.outcome();
            assertThatStepDidNotStart(outcome);
            return outcome.stdout();
        }
    }

    private static void assertThatStepDidNotStart(Outcome outcome) {
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stdout()).doesNotContain("started");
    }
}
