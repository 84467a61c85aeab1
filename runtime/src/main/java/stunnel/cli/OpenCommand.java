package stunnel.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import stunnel.doctor.SlurmJob;
import stunnel.runtime.OwnCommand;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.ssh.HostName;

/**
 * {@code stunnel open}: a tunnel for a job that runs already. It is that of a step of its own, which only waits: so Slurm checks whose
 * job it is and ends the step with the job, and the plugin does everything else as it always does.
 */
@Command(
        name = "open",
        description = {
            "Open a tunnel from this host to a job of yours that runs already.",
            "It lives until the job ends, `${ROOT-COMMAND-NAME} close JOBID`, or Ctrl-C with --foreground. With JOBID.STEP add forwards to the tunnel of that step, which this host holds."
        },
        footer = {
            "",
            "SPEC is what --tunnel of srun takes; L and D listen here, R on the node. Added to the tunnel of a batch job it"
                    + " is what --tunnel of sbatch takes.",
            "Examples: ${ROOT-COMMAND-NAME} open 812 8001:8888; ${ROOT-COMMAND-NAME} open 812 jupyter=auto:8888 --node cn2;",
            "  ${ROOT-COMMAND-NAME} open 812.0 board=8002:6006"
        },
        sortOptions = false)
final class OpenCommand implements Callable<Integer> {
    /** By which `stunnel close` knows that a step is there for its tunnel alone. */
    static final String STEP_NAME = "--job-name=stunnel-open";

    @Parameters(
            index = "0",
            paramLabel = "JOBID[.STEP]",
            description = "The number of the job, as squeue shows it, or a tunnel as `${ROOT-COMMAND-NAME} list` does.")
    private String job = "";

    @Parameters(index = "1", paramLabel = "SPEC", description = "The forwards.")
    private String spec = "";

    @Option(names = "--node", paramLabel = "HOST", description = "The node to connect to; the job's first if left out.")
    private Optional<String> node = Optional.empty();

    @Option(names = "--foreground", description = "Stay until Ctrl-C, and end the tunnel then.")
    private boolean foreground;

    @Option(names = "--quiet", description = "Say only what was opened, and why it was not.")
    private boolean quiet;

    @Mixin
    private SiteOption site = new SiteOption();

    @Mixin
    private Invocation invocation = new Invocation();

    @Override
    public Integer call() throws IOException {
        if (SlurmJob.isStep(job)) {
            if (node.isPresent() || foreground) {
                throw invocation.wrong("--node and --foreground are for a tunnel of its own, so for JOBID alone");
            }
            return SingleForwards.of(Posix.system(), site.directories(Posix.system()), job)
                    .add(spec);
        }
        if (!SlurmJob.isId(job)) {
            throw invocation.wrong(SlurmJob.notAnId(job));
        }
        if (node.isPresent() && !HostName.isSafe(node.get())) {
            throw invocation.wrong("--node: " + node.get() + " is not the name of a host");
        }
        Optional<String> objection =
                SlurmJob.ask(job, node).objection(Posix.system().userId(), node);
        if (objection.isPresent()) {
            Terminal.tell(OwnCommand.NAME + ": " + objection.get());
            return 1;
        }
        WaitingStep step = WaitingStep.start(Posix.system(), argv(), foreground);
        return foreground ? step.await() : step.detach(site.directories(Posix.system()));
    }

    /** On the side of the job's own steps, with nothing of what they have. */
    private List<String> argv() {
        List<String> argv = new ArrayList<>(List.of(
                "srun", "--jobid=" + job, "--overlap", "--nodes=1", "--ntasks=1", "--mem=0", "--gres=none", STEP_NAME));
        if (quiet) {
            argv.add("--quiet");
        }
        if (node.isPresent()) {
            argv.add("--nodelist=" + node.get());
        }
        argv.addAll(List.of("--tunnel=" + spec, "sleep", "infinity"));
        return argv;
    }
}
