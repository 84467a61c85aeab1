package stunnel.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import stunnel.config.SettingsCompilation;
import stunnel.config.SettingsCompiler;
import stunnel.plan.Origin;
import stunnel.runtime.ssh.HostName;

/** {@code stunnel plan}: what a --tunnel value means and which ssh commands it becomes. */
@Command(
        name = "plan",
        description = {"Show what --tunnel SPEC does: who reaches what, and the ssh commands.", "Nothing is run."},
        footer = {
            "",
            "Examples: ${ROOT-COMMAND-NAME} plan 8001:8000 --node cn1; ${ROOT-COMMAND-NAME} plan R9000:db:5432 --as sbatch --json"
        },
        sortOptions = false)
final class PlanCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    @Parameters(
            paramLabel = "SPEC",
            description = "The value of --tunnel; a lone - reads one from each line of standard input.")
    private String spec = "";

    @Option(
            names = "--as",
            paramLabel = "srun|sbatch|salloc",
            description = "The command it is given to; srun if left out.")
    private String origin = Origin.SRUN.text();

    @Option(names = "--node", paramLabel = "HOST", description = "The first node of the job.")
    private Optional<String> node = Optional.empty();

    @Option(names = "--submit-host", paramLabel = "HOST", description = "The host that the job is submitted on.")
    private Optional<String> submitHost = Optional.empty();

    @Option(
            names = "--plugstack-arg",
            paramLabel = "KEY=VALUE",
            description = "An option of the plugin's line in plugstack.conf; may be repeated.")
    private List<String> pluginArguments = new ArrayList<>();

    @Option(names = "--json", description = "One JSON object for each SPEC instead of text.")
    private boolean json;

    @Mixin
    private SiteOption site = new SiteOption();

    @Mixin
    private Invocation invocation = new Invocation();

    @Override
    public Integer call() throws IOException {
        Planner planner = planner();
        boolean sound = spec.equals(STANDARD_INPUT) ? answerAll(planner) : answer(planner, spec, Terminal.ERROR);
        return sound ? 0 : 1;
    }

    /** Every line is answered on standard output, the bad ones too, so that answers and lines stay in step. */
    private boolean answerAll(Planner planner) throws IOException {
        boolean sound = true;
        Lines lines = new Lines(new BufferedInputStream(System.in));
        int number = 0;
        for (Optional<String> line = lines.next(); line.isPresent(); line = lines.next()) {
            number++;
            if (!json) {
                System.out.println("line " + number + ":");
            }
            sound &= answer(planner, line.get(), Terminal.OUTPUT);
            if (!json) {
                System.out.println();
            }
        }
        return sound;
    }

    private boolean answer(Planner planner, String text, Terminal diagnostics) throws IOException {
        Planned planned = planner.plan(text);
        if (json) {
            System.out.println(PlanJson.of(planned));
        }
        if (!json || planned.isSound()) {
            (json ? Terminal.ERROR : diagnostics).print(planned.diagnostics());
        }
        if (!json && planned.isSound()) {
            System.out.print(PlanDrawing.of(planned));
        }
        return planned.isSound();
    }

    private Planner planner() throws IOException {
        Optional<Origin> typed = Origin.of(origin);
        if (typed.isEmpty()) {
            throw invocation.wrong("--as is srun, sbatch or salloc, not " + origin);
        }
        if (spec.startsWith("--") && !spec.equals("--")) {
            throw invocation.wrong("unknown option " + spec);
        }
        checkHost("--node", node);
        checkHost("--submit-host", submitHost);
        return new Planner(typed.get(), node, submitHost, Site.userId(), settings(), Site.prefix());
    }

    private SettingsCompilation settings() {
        List<String> arguments = new ArrayList<>(pluginArguments);
        arguments.addAll(site.pluginArguments());
        return SettingsCompiler.compile(arguments, Site.prefix());
    }

    private void checkHost(String option, Optional<String> host) {
        if (host.isPresent() && !HostName.isSafe(host.get())) {
            throw invocation.wrong(option + ": " + host.get() + " is not the name of a host");
        }
    }
}
