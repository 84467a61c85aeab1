package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Variables and files that make loaders, JVMs and shells run code: whatever a user or a login script sets, it reaches nothing. */
@TestbedTest
@DisplayName("rows 12, 14, 23: hostile environments")
class HostileEnvironmentIT {
    /** Both a preloaded and an auditing library; each process that loads it leaves the name of its program. */
    private static final String SPY = """
            #define _GNU_SOURCE
            #include <errno.h>
            #include <stdio.h>
            unsigned int la_version(unsigned int version) { return version; }
            __attribute__((constructor)) static void leave_a_mark(void)
            {
                FILE *marks = fopen("/home/alice/evil/marks", "a");
                if (marks) {
                    fprintf(marks, "%s\\n", program_invocation_short_name);
                    fclose(marks);
                }
            }
            """;

    /** Made once by alice. A library that ssh and java need is there under its name, and is none. */
    private static final String PREPARATION = """
            mkdir -p ~/evil/stunnel/runtime ~/evil/bin ~/evil/.ssh && cd ~/evil || exit
            cat >spy.c && gcc -shared -fPIC -o spy.so spy.c || exit
            for library in libcrypto.so.3 libjli.so; do cp spy.so $library; done
            echo 'echo shell >>/home/alice/evil/marks' >shell
            for program in ssh java sh bash; do
                printf '#!/bin/sh\\necho path-%s >>/home/alice/evil/marks\\n' $program >bin/$program
            done
            chmod 755 bin/*
            echo 'ProxyCommand echo home >>/home/alice/evil/marks' >.ssh/config
            echo '+PrintVMOptions' >.hotspotrc
            echo 'quiet' >.hotspot_compiler
            echo 'start = warn, ssh.command = [/home/alice/evil/bin/ssh]' >stunnel.conf
            echo 'ClusterName=evil' >slurm.conf
            echo no >stunnel/runtime/Main.class
            """;

    private static final String VARIABLES = "JAVA_TOOL_OPTIONS=-Xbogus _JAVA_OPTIONS=-Xbogus JDK_JAVA_OPTIONS=-Xbogus"
            + " CLASSPATH=/home/alice/evil JAVA_HOME=/home/alice/evil BASH_ENV=/home/alice/evil/shell"
            + " ENV=/home/alice/evil/shell IFS=/ LD_LIBRARY_PATH=/home/alice/evil"
            + " HOME=/home/alice/evil SSH_ASKPASS=/home/alice/evil/bin/ssh SSH_ASKPASS_REQUIRE=force DISPLAY=:7"
            + " SSH_SK_PROVIDER=/home/alice/evil/spy.so CONFIG_FORCE_start=warn TMPDIR=/home/alice/evil"
            + " LD_PRELOAD=/home/alice/evil/spy.so LD_AUDIT=/home/alice/evil/spy.so";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @BeforeEach
    void prepare() {
        alice.write("spy.c", SPY);
        assertThat(alice.type("bash -c " + quoted(PREPARATION) + " <spy.c")).isEqualTo(new Outcome(0, "", ""));
    }

    @AfterEach
    void remove() {
        alice.output("rm", "-rf", "evil", "spy.c");
    }

    @Test
    void reachesNothingThatSrunStarts() {
        Outcome outcome = alice.type("cd ~/evil && env " + VARIABLES + " PATH=/home/alice/evil/bin:$PATH"
                + " srun -w cn1 --chdir=/ --export=NONE --tunnel 8001:8000 /usr/bin/true");

        assertThat(outcome).isEqualTo(new Outcome(0, "", "srun: tunnel up: login:8001 -> cn1:8000\n"));
        assertThatNothingOfOursWasReached();
    }

    @Test
    void reachesNothingThatABatchJobStarts() {
        String exported = VARIABLES.replace(' ', ',') + ",SLURM_CONF=/home/alice/evil/slurm.conf";
        try (Job job = Job.submit(
                alice,
                "sbatch -w cn1 --chdir=/home/alice/evil --output=/home/alice/slurm-%j.out --export=PATH," + exported
                        + " --tunnel 8001:8000 --wrap 'exec /bin/true'")) {
            assertThat(job.awaitEnd().output()).isEqualTo("tunnel up: login:8001 -> cn1:8000\n");
            assertThat(job.state()).isEqualTo("COMPLETED");
            assertThatNothingOfOursWasReached();
        }
    }

    /** Only Slurm's own commands and the job's script, which are the user's anyway. */
    private void assertThatNothingOfOursWasReached() {
        assertThat(alice.output("cat", "evil/marks").lines())
                .as("the trap works: this is what the user's own programs left")
                .isNotEmpty()
                .allMatch(mark -> mark.matches("srun|true|shell|env|slurm_script|sh|bash|dirname|hostname"));
    }

    private static String quoted(String script) {
        return "'" + script.replace("'", "'\\''") + "'";
    }
}
