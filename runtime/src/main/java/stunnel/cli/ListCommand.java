package stunnel.cli;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import stunnel.diagnostic.Width;
import stunnel.runtime.LaptopLine;
import stunnel.runtime.TunnelDirectories;
import stunnel.runtime.TunnelReport;
import stunnel.runtime.TunnelReport.Details;
import stunnel.runtime.posix.Posix;

/** {@code stunnel list}: the tunnels of this host. */
@Command(
        name = "list",
        description = "Show your tunnels that ssh holds on this host: what reaches what, and how they are.",
        footer = {
            "",
            "A tunnel of srun is held where srun runs, one of sbatch or salloc on the job's first node.",
            "Examples: ${ROOT-COMMAND-NAME} list; ${ROOT-COMMAND-NAME} list 812 --json; ${ROOT-COMMAND-NAME} list --watch"
        },
        sortOptions = false)
final class ListCommand implements Callable<Integer> {
    private static final int WATCH_MILLIS = 1000;
    private static final String CLEAR = "\u001b[H\u001b[2J\u001b[3J";

    @Parameters(paramLabel = "JOBID[.STEP]", arity = "0..1", description = "Only those of one job, or of one step.")
    private Optional<String> wanted = Optional.empty();

    @Option(names = "--all", description = "Those of all users; for root.")
    private boolean all;

    @Option(names = "--json", description = "One JSON object instead of a table.")
    private boolean json;

    @Option(names = "--watch", description = "Show them again each second, until Ctrl-C.")
    private boolean watch;

    @Mixin
    private SiteOption site = new SiteOption();

    @Mixin
    private Invocation invocation = new Invocation();

    @Override
    public Integer call() throws IOException {
        wanted.ifPresent(invocation::checkTunnel);
        Posix posix = Posix.system();
        if (all && posix.userId() != 0) {
            throw invocation.wrong("--all needs root: the tunnels of other users cannot be looked at");
        }
        if (watch && (json || !Terminal.OUTPUT.isTerminal())) {
            throw invocation.wrong("--watch is for a terminal, and not for --json");
        }
        TunnelDirectories directories = site.directories(posix);
        Optional<String> loginHost = site.settings().loginHost();
        Optional<Integer> uid = all ? Optional.empty() : Optional.of(posix.userId());
        do {
            List<TunnelReport> reports = directories.reports(uid);
            if (wanted.isPresent()) {
                reports = TunnelDirectories.meant(reports, wanted.get());
            }
            if (json) {
                System.out.print(new TunnelJson(loginHost).of(reports));
            } else {
                Width width = Terminal.OUTPUT.width();
                String table = wanted.isPresent() && reports.isEmpty()
                        ? "no tunnel of " + wanted.get() + " is held on this host\n"
                        : new TunnelTable(all, Instant.now(), width).of(reports);
                System.out.print((watch ? CLEAR : "") + table);
                if (!all) {
                    printLaptopLines(reports, loginHost, width);
                }
            }
            System.out.flush();
        } while (watch && pause());
        return 0;
    }

    private static void printLaptopLines(List<TunnelReport> reports, Optional<String> loginHost, Width width) {
        for (TunnelReport report : reports) {
            Optional<String> line = report.laptopLine(loginHost);
            if (line.isPresent()) {
                Details details = report.details().orElseThrow();
                System.out.println(width.withCommand(
                        "on your own computer, for " + details.id() + ":",
                        LaptopLine.shown(
                                line.get(), details.job(), details.routes().opener())));
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(WATCH_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
