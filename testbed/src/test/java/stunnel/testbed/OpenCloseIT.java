package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code stunnel open} and {@code stunnel close}: tunnels of jobs that run already. */
@TestbedTest
class OpenCloseIT {
    private static final String STUNNEL = "/opt/slurm-stunnel/bin/stunnel";
    private static final String SERVE = " --wrap 'exec /opt/testbed/serve 8000'";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void livesUntilItIsClosed() {
        try (Job job = serving("sbatch -w cn1")) {
            Outcome opened = alice.run(STUNNEL, "open", job.id(), "8001:8000");
            assertThat(opened).isEqualTo(new Outcome(0, openedBy(job, 0), "srun: tunnel up: login:8001 -> cn1:8000\n"));
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.run(STUNNEL, "open", job.id(), "8002:8000").exit()).isZero();
            assertThat(alice.fetch(8002)).isEqualTo("hello from cn1:8000");

            assertThat(alice.run(STUNNEL, "close", job.id() + ".0"))
                    .isEqualTo(new Outcome(0, "closed " + job.id() + ".0: login:8001 -> cn1:8000\n", ""));
            assertThat(alice.listensOn(8001)).isFalse();
            assertThat(alice.fetch(8002)).isEqualTo("hello from cn1:8000");
            assertThat(alice.output(STUNNEL, "close", job.id())).contains("closed " + job.id() + ".1: ");
            assertThat(job.state()).isEqualTo("RUNNING");
            Await.until("the step has ended", () -> alice.run("pgrep", "srun").exit() != 0);
        }
    }

    @Test
    void endsWithTheJob() {
        try (Job job = serving("sbatch -N2 -w cn1,cn2")) {
            alice.output(STUNNEL, "open", job.id(), "auto:8000", "--node", "cn2");
            Matcher port = Pattern.compile("\"listen\":(\\d+)").matcher(alice.output(STUNNEL, "list", "--json"));
            assertThat(port.find()).isTrue();
            assertThat(alice.output(STUNNEL, "list")).contains("-> cn2:8000");

            job.cancel();
            testbed.awaitEndOfTunnel("login", Integer.parseInt(port.group(1)));
        }
    }

    @Test
    void endsWithCtrlCInTheForeground() {
        try (Job job = serving("sbatch -w cn1");
                RunningCommand open = alice.start(STUNNEL, "open", "--foreground", job.id(), "8001:8000")) {
            open.awaitStderr("tunnel up: login:8001 -> cn1:8000");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");

            open.terminate();
            open.outcome();
            testbed.awaitEndOfTunnel("login", 8001);
            assertThat(job.state()).isEqualTo("RUNNING");
        }
    }

    @Test
    void isForOnesOwnJobsThatRun() {
        try (Job job = serving("sbatch -w cn1");
                Job held = Job.submit(alice, "sbatch --hold --wrap true")) {
            assertThat(refusal(alice.as("bob"), job.id())).isEqualTo("is not yours; `squeue --me` shows yours");
            assertThat(refusal(alice, held.id()))
                    .isEqualTo("does not run yet; `squeue --start --jobs=" + held.id() + "` tells when it may");
            assertThat(alice.run(STUNNEL, "open", job.id(), "8001:8000", "--node", "cn2"))
                    .isEqualTo(new Outcome(
                            1,
                            "",
                            "stunnel: Slurm knows no job " + job.id()
                                    + " that has the node cn2; `squeue --me` shows yours, and their nodes\n"));
            job.cancel();
            assertThat(refusal(alice, job.id())).startsWith("does not run any more (");
            assertThat(alice.run(STUNNEL, "open", "999999", "8001:8000").stderr())
                    .isEqualTo("stunnel: Slurm knows no job 999999; `squeue --me` shows yours, and their nodes\n");
        }
    }

    private static String refusal(Account user, String job) {
        Outcome outcome = user.run(STUNNEL, "open", job, "8001:8000");
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.stderr()).startsWith("stunnel: job " + job + " ").hasLineCount(1);
        return outcome.stderr()
                .substring(("stunnel: job " + job + " ").length())
                .strip();
    }

    @Test
    void saysWhatIsWrong() {
        try (Job job = serving("sbatch -w cn1")) {
            assertThat(alice.run(STUNNEL, "open", job.id(), "8001x:8000").stderr())
                    .contains("[not-a-port]", "stunnel: the tunnel was not opened");
            assertThat(alice.run(STUNNEL, "open", "notebook", "8001:8000").stderr())
                    .startsWith("notebook is not the number of a job");
            Outcome added = alice.run(STUNNEL, "open", job.id() + ".0", "8001:8000");
            assertThat(added.exit()).isEqualTo(1);
            assertThat(added.stderr())
                    .startsWith("stunnel: this host holds no tunnel of " + job.id() + ".0; ")
                    .endsWith("and `stunnel open " + job.id() + " SPEC` opens one\n");
            Outcome closed = alice.run(STUNNEL, "close", job.id());
            assertThat(closed.exit()).isEqualTo(1);
            assertThat(closed.stderr()).startsWith("stunnel: this host holds no tunnel of " + job.id());
        }
    }

    @Test
    void closesTheTunnelOfAStepThatGoesOn() {
        try (RunningCommand step = alice.startTyped(
                "srun -w cn1 --tunnel 8001:8000 bash -c 'echo $SLURM_JOB_ID.; exec /opt/testbed/serve 8000'")) {
            step.awaitStdout("serving");
            String job = step.stdout().substring(0, step.stdout().indexOf('.'));

            assertThat(alice.output(STUNNEL, "close", job)).isEqualTo("closed " + job + ".0: login:8001 -> cn1:8000");
            assertThat(alice.listensOn(8001)).isFalse();
            assertThat(alice.on("cn1").fetch(8000)).isEqualTo("hello from cn1:8000");
            assertThat(step.isRunning()).isTrue();
        }
    }

    private Job serving(String sbatch) {
        return Job.submit(alice, sbatch + SERVE).awaitOutput("serving");
    }

    private static String openedBy(Job job, int step) {
        return "opened %1$s.%2$d; `stunnel close %1$s.%2$d` ends it\n".formatted(job.id(), step);
    }
}
