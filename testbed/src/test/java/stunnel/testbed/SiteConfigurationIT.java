package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The lines that administrators write into plugstack.conf. */
@TestbedTest
class SiteConfigurationIT {
    /** The line that the project was founded on. */
    private static final String SEED_LINE = "required\tslurm-spank-stunnel.so"
            + "   ssh_args=-o|StrictHostKeyChecking=no  helpertask_args=>/tmp/stunnel.log|2>&1\n";

    private static final String LOG = "/tmp/stunnel.log";

    /** A site where ssh knows no host, so that StrictHostKeyChecking=no matters, and makes ssh say so. */
    private static final String NO_KNOWN_HOSTS = "GlobalKnownHostsFile /dev/null\nUserKnownHostsFile /dev/null\n";

    private final Testbed testbed = Testbed.shared();
    private final Account root = testbed.host("login");
    private final Account alice = testbed.alice();
    private final Account bob = alice.as("bob");

    @Test
    void opensTunnelsWithoutAnyOption() {
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required")) {
            assertThatServerIsReached(alice);
        }
    }

    @Test
    void opensTunnelsWithTheSeedsLineAndPluginDirWithALink() {
        String plugins = root.output("mktemp", "--directory", "--tmpdir=/home");
        root.output("chmod", "755", plugins);
        root.output("ln", "-s", "/opt/slurm-stunnel/lib/slurm-spank-stunnel.so", plugins);
        try (SlurmParameter directories = SlurmParameter.set(testbed, "PluginDir", pluginDir() + ":" + plugins);
                ReplacedFile line = ReplacedFile.plugstack(testbed, SEED_LINE);
                ReplacedFile configuration = ReplacedFile.with(alice, ".ssh/config", NO_KNOWN_HOSTS)) {
            assertThat(validated().stdout()).doesNotContain("[relative-plugin]", "[plugin-missing]");
            assertThatServerIsReached(alice);
            assertThat(alice.output("cat", LOG)).contains("Permanently added 'cn1'");

            assertThat(assertThatServerIsReached(bob))
                    .as("another user, who may not write to alice's log")
                    .contains("warning: helpertask_args: " + LOG + " is not used: Permission denied");
        } finally {
            root.output("rm", "-f", LOG);
            root.output("rm", "-r", plugins);
        }
    }

    @Test
    void stopsEverySrunWithTheSeedsLineAndNoLinkAsTheLinterSays() {
        try (ReplacedFile line = ReplacedFile.plugstack(testbed, SEED_LINE)) {
            assertThat(alice.type("srun -w cn1 true").exit()).isNotZero();
            Outcome found = validated();
            assertThat(found.stdout())
                    .startsWith(
                            "/etc/slurm/plugstack.conf:1:10: error: there is no slurm-spank-stunnel.so in PluginDir");
            assertThat(found.exit()).isEqualTo(1);
        }
    }

    @Test
    void collectsTheWordsOfSshOfABatchJobToo() {
        try (ReplacedFile line =
                        ReplacedFile.plugstackLine(testbed, "required", "ssh_args=-v", "helpertask_args=2>/tmp/log");
                Job job = Job.submit(alice, "sbatch --nodelist=cn2 --tunnel 8001:8000 --wrap true")) {
            job.awaitEnd();

            assertThat(alice.on("cn2").output("cat", "/tmp/log")).contains("debug1: Connecting to login");
        } finally {
            testbed.host("cn2").output("rm", "-f", "/tmp/log");
        }
    }

    @Test
    void runsAnotherSshThanTheFirstInThePath() {
        String wrapper = root.output("mktemp", "--tmpdir=/home");
        root.write(wrapper, "#!/bin/bash\necho \"$@\" >>/tmp/wrapped-ssh\nexec /usr/bin/ssh \"$@\"\n");
        root.output("chmod", "755", wrapper);
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", "ssh_cmd=" + wrapper + "|-C")) {
            assertThatServerIsReached(alice);

            assertThat(alice.output("cat", "/tmp/wrapped-ssh").lines())
                    .allMatch(arguments -> arguments.startsWith("-C "))
                    .anyMatch(arguments -> arguments.endsWith("-- cn1"))
                    .anyMatch(arguments -> arguments.contains("-O forward"))
                    .anyMatch(arguments -> arguments.contains("-O exit"));
        } finally {
            root.output("rm", wrapper, "/tmp/wrapped-ssh");
        }
    }

    @Test
    void opensTunnelsFromTheFolderThatTheInstallationWasMovedTo() {
        String moved = root.output("mktemp", "--directory", "--tmpdir=/home");
        root.output("cp", "--archive", "--no-target-directory", "/opt/slurm-stunnel", moved);
        try (ReplacedFile line =
                        ReplacedFile.plugstack(testbed, "required " + moved + "/lib/slurm-spank-stunnel.so\n");
                RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000")) {
            step.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.output("ps", "-C", "stunnel-keeper", "-o", "args="))
                    .startsWith(moved + "/libexec/stunnel-keeper");
        } finally {
            root.output("rm", "-r", moved);
        }
    }

    /** A tunnel of {@code user} works; what srun said on stderr. */
    private String assertThatServerIsReached(Account user) {
        try (RunningCommand step = user.startTyped("srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000")) {
            step.awaitStdout("serving");
            assertThat(user.fetch(8001)).isEqualTo("hello from cn1:8000");
            step.terminate();
            return step.outcome().stderr();
        }
    }

    private Outcome validated() {
        return root.type("/opt/slurm-stunnel/bin/stunnel validate");
    }

    private String pluginDir() {
        return root.type("scontrol show config | sed -n 's/^PluginDir *= //p'")
                .stdout()
                .strip();
    }
}
