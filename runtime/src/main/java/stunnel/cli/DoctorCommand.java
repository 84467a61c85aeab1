package stunnel.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import stunnel.doctor.Check;
import stunnel.doctor.Doctor;
import stunnel.doctor.Place;
import stunnel.runtime.ssh.HostName;

/** {@code stunnel doctor}: the first thing that is wrong on the way of a tunnel. */
@Command(
        name = "doctor",
        description = {
            "Look at the whole way of a tunnel: Java, the plugin, the settings, ssh; with a JOBID or HOST also the way to that host and back.",
            "Name the first thing that is wrong, and what to do."
        },
        footer = {
            "",
            "Examples: ${ROOT-COMMAND-NAME} doctor; ${ROOT-COMMAND-NAME} doctor 812; ${ROOT-COMMAND-NAME} doctor cn1 --json"
        },
        sortOptions = false)
final class DoctorCommand implements Callable<Integer> {
    @Parameters(paramLabel = "JOBID|HOST", arity = "0..1", description = "A job of yours that runs, or a node.")
    private Optional<String> whom = Optional.empty();

    @Option(names = "--json", description = "One JSON object instead of text.")
    private boolean json;

    @Option(names = "--quiet", description = "Only what is wrong, or could be better.")
    private boolean quiet;

    @Mixin
    private SiteOption site = new SiteOption();

    @Mixin
    private Invocation invocation = new Invocation();

    @Override
    public Integer call() throws IOException {
        if (whom.isPresent() && !HostName.isSafe(whom.get())) {
            throw invocation.wrong(whom.get()
                    + (whom.get().startsWith("-") ? " is no option" : " is neither a job nor the name of a host"));
        }
        CheckText text = new CheckText(Terminal.OUTPUT.width(), Terminal.OUTPUT.takesColours());
        Place place = new Place(Site.prefix(), Site.userId(), Site.host(), site.conf());
        List<Check> checks = Doctor.examine(place, whom, check -> {
            if (!json && (!quiet || check.next().isPresent())) {
                System.out.print(text.of(check));
                System.out.flush();
            }
        });
        if (json) {
            System.out.print(CheckJson.of(checks));
        }
        Optional<Check> wrong = firstWrong(checks);
        if (!json && !quiet) {
            Terminal.tell(wrong.map(check -> "the first thing that is wrong: " + check.name())
                    .orElse("nothing is wrong"));
        }
        return wrong.isPresent() ? 1 : 0;
    }

    static Optional<Check> firstWrong(List<Check> checks) {
        return checks.stream()
                .filter(check -> check.state() == Check.State.WRONG)
                .findFirst();
    }
}
