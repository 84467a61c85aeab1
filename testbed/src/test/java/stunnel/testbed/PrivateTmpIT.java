package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where each job has a /tmp of its own (job_container/tmpfs), which slurmstepd does not see and Slurm removes. */
@TestbedTest
class PrivateTmpIT {
    private static final Testbed TESTBED = Testbed.shared();
    private static final Account ALICE = TESTBED.alice();
    private static final Account LOGIN = TESTBED.host("login");
    private static final Account NODE = TESTBED.host("cn1");

    private static final String FOLDER = "/var/lib/slurm/containers";
    private static final String CONF = "/etc/slurm/job_container.conf";

    /**
     * On one CPU, and in a mount namespace that was made there: kernel 6.18 numbers namespaces on each CPU apart, and refuses
     * Slurm one whose number is less than that of its own.
     */
    private static final String START_SLURMD =
            "exec taskset --cpu-list $(sed -n 's/^Cpus_allowed_list:\\s*\\([0-9]*\\).*/\\1/p' /proc/self/status) "
                    + "unshare --mount slurmd";

    private static final String SERVE = "/opt/testbed/serve 8000";
    private static final String JOB = "sbatch -w cn1 --tunnel 8001:8000 --wrap 'exec " + SERVE + "'";
    private static final String JOB_WITH_A_STEP = "sbatch -w cn1 --wrap 'srun --tunnel 8101:8000 " + SERVE + "'";

    @BeforeAll
    static void containJobs() {
        LOGIN.write(CONF, "AutoBasePath=true\nBasePath=" + FOLDER + "\n");
        TESTBED.configureSlurm("PrologFlags", "Contain");
        TESTBED.configureSlurm("JobContainerType", "job_container/tmpfs");
        SlurmNode.restart(NODE, START_SLURMD);
    }

    @AfterAll
    static void containJobsNoMore() {
        TESTBED.configureSlurm("JobContainerType", "");
        TESTBED.configureSlurm("PrologFlags", "");
        SlurmNode.restart(NODE);
        LOGIN.output("rm", CONF);
        NODE.output("rm", "--recursive", FOLDER);
    }

    @Test
    void tunnelOfABatchJobOpensAndEnds() {
        try (Job job = Job.submit(ALICE, JOB).awaitOutput("serving")) {
            assertThat(ALICE.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(NODE.output("find", "/tmp")).isEqualTo("/tmp");
            assertThat(tracesOfTunnels()).isNotEmpty();

            job.cancel();

            TESTBED.awaitEndOfTunnel("cn1", 8001);
        }
        awaitNoTraces();
    }

    @Test
    void tunnelOfABatchJobIsListedToWhoeverIsInTheJob() {
        String list = "/opt/slurm-stunnel/bin/stunnel list";
        try (Job job = Job.submit(ALICE, JOB).awaitOutput("serving")) {
            assertThat(ALICE.type("srun --overlap --jobid=" + job.id() + " " + list)
                            .stdout())
                    .contains("login:8001 -> cn1:8000");
            assertThat(ALICE.type("ssh cn1 " + list).stdout()).doesNotContain("8001");
        }
        awaitNoTraces();
    }

    @Test
    void keeperOfABatchJobIsKilled() {
        try (Job job = Job.submit(ALICE, JOB).awaitOutput("serving")) {
            NODE.output("pkill", "--signal=KILL", "--exact", "stunnel-keeper");
            assertThat(ALICE.fetch(8001)).isEqualTo("hello from cn1:8000");

            job.cancel();

            TESTBED.awaitEndOfTunnel("cn1", 8001);
        }
        awaitNoTraces();
    }

    /** srun, keeper and ssh are in the job's own /tmp as well. */
    @Test
    void tunnelOfAnSrunInAScriptOpensAndEnds() {
        try (Job job = Job.submit(ALICE, JOB_WITH_A_STEP).awaitOutput("serving")) {
            assertThat(ALICE.on("cn1").fetch(8101)).isEqualTo("hello from cn1:8000");
            assertThat(NODE.output("find", "/tmp")).isEqualTo("/tmp");

            job.cancel();

            TESTBED.awaitEndOfTunnel("cn1", 8101);
        }
        awaitNoTraces();
    }

    /** The lock that they share is there, too. */
    @Test
    void tunnelIsSharedByTheStepsOfAnAllocation() {
        try (RunningCommand shell = ALICE.startAllocation("-w cn1 -n2 --tunnel 8001:8000")) {
            shell.type("srun -n1 --overlap sh -c 'echo first; sleep 600' </dev/null &");
            shell.awaitStdout("first");
            shell.type("srun -n1 --overlap " + SERVE + " </dev/null &");
            shell.awaitStdout("serving");
            assertThat(ALICE.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(TESTBED.hostsRunning("ssh")).containsExactly("cn1");

            shell.type("scancel $SLURM_JOB_ID.0");

            Await.until(
                    "the first step's keeper is gone",
                    () -> TESTBED.hostsRunning("stunnel-keeper").equals(List.of("cn1")));
            Await.until("the second step holds the tunnel", () -> ALICE.reaches(8001));
        }
        awaitNoTraces();
    }

    /** What there is of tunnels in the jobs' own folders. */
    private static String tracesOfTunnels() {
        return NODE.output("find", FOLDER, "-name", "stunnel*");
    }

    private static void awaitNoTraces() {
        Await.until("the job's own folder is gone", () -> tracesOfTunnels().isEmpty());
    }
}
