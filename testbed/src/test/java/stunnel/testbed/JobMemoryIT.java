package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A batch job's tunnel is opened within the memory that Slurm gives the job (task/cgroup with ConstrainRAMSpace). */
@TestbedTest
class JobMemoryIT {
    private static final String SLURM_CONF = "/etc/slurm/slurm.conf";
    private static final String CGROUP_CONF = "/etc/slurm/cgroup.conf";

    /** The memory cgroups of the node, apart from those of other testbeds on this machine. */
    private static final String MOUNT = """
            cd /sys/fs/cgroup
            mkdir memory
            mount -t cgroup -o memory memory memory || { rmdir memory; exit 1; }
            mkdir memory/stunnel-testbed-$$
            mount --bind memory/stunnel-testbed-$$ memory
            """;

    /** Each can go when its last process has; Slurm leaves those of the user and of the node. */
    private static final String UNMOUNT = """
            set -e
            cd /sys/fs/cgroup
            group=$(sed -n 's|.* /\\([^ ]*\\) /sys/fs/cgroup/memory .*|\\1|p' /proc/self/mountinfo | grep testbed)
            find memory -mindepth 1 -depth -type d -exec rmdir {} +
            umount memory
            rmdir memory/"$group"
            umount memory
            rmdir memory
            """;

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account login = testbed.host("login");
    private final Account node = testbed.host("cn1");

    private boolean mounted;

    @BeforeEach
    void mount() {
        mounted = node.bash(MOUNT).exit() == 0;
        Assumptions.assumeTrue(mounted, "this kernel has no memory cgroup of version 1 for Slurm's cgroup/v1");
    }

    @AfterEach
    void unmount() {
        Await.until(
                "the memory cgroups are gone",
                () -> !mounted || node.bash(UNMOUNT).exit() == 0);
    }

    /** Slurm gives 30 MB to who asks for less (MinRAMSpace). */
    @ParameterizedTest
    @CsvSource({"60M, 62914560", "1M, 31457280"})
    void isEnough(String asked, String limit) {
        String memory = "/sys/fs/cgroup/memory/slurm_cn1/uid_$(id -u)/job_$SLURM_JOB_ID/memory.";
        String script = "echo limit $(cat %1$slimit_in_bytes); /opt/testbed/serve 8000".formatted(memory);
        String conf = login.output("cat", SLURM_CONF) + "\n";
        String limited = conf.replace("=CR_CPU\n", "=CR_CPU_Memory\n").replace("task/none", "task/cgroup");
        String cgroupConf = login.output("cat", CGROUP_CONF) + "\n";
        try (ReplacedFile slurm = ReplacedFile.with(login, SLURM_CONF, limited);
                ReplacedFile cgroup = ReplacedFile.with(login, CGROUP_CONF, cgroupConf + "ConstrainRAMSpace=yes\n")) {
            SlurmController.restart(login);
            SlurmNode.restart(node);
            String options = " -w cn1 --mem=" + asked + " --tunnel 8001:8000 --wrap '" + script + "'";
            try (Job job = Job.submit(alice, "sbatch" + options).awaitOutput("serving")) {
                assertThat(job.output()).contains("tunnel up: ", "limit " + limit);
                assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            }
        } finally {
            SlurmController.restart(login);
            SlurmNode.restart(node);
        }
    }
}
