package stunnel.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import stunnel.runtime.AbandonedTunnel;
import stunnel.runtime.OwnCommand;
import stunnel.runtime.RunningProcess;
import stunnel.runtime.TunnelDirectories;
import stunnel.runtime.TunnelReport;
import stunnel.runtime.TunnelReport.Details;
import stunnel.runtime.TunnelReport.Status;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.Signal;
import stunnel.runtime.ssh.TunnelFailure;

/** {@code stunnel close}: ends tunnels, and nothing else of their jobs. */
@Command(
        name = "close",
        description = {
            "End the tunnels of a job, or of one of its steps, that ssh holds on this host, or a single forward of one.",
            "The job goes on."
        },
        footer = {
            "",
            "Examples: ${ROOT-COMMAND-NAME} close 812; ${ROOT-COMMAND-NAME} close 812.3; ${ROOT-COMMAND-NAME} close 812.batch; ${ROOT-COMMAND-NAME} close 812.0 jupyter;",
            "  ${ROOT-COMMAND-NAME} close 812 8001"
        },
        sortOptions = false)
final class CloseCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int POLL_MILLIS = 20;

    @Parameters(index = "0", paramLabel = "JOBID[.STEP]", description = "As `${ROOT-COMMAND-NAME} list` shows it.")
    private String wanted = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NAME",
            description = "The forward of that name, or that listens on that port or path; all of them if left out.")
    private Optional<String> name = Optional.empty();

    @Mixin
    private SiteOption site = new SiteOption();

    @Mixin
    private Invocation invocation = new Invocation();

    @Override
    public Integer call() throws IOException {
        invocation.checkTunnel(wanted);
        Posix posix = Posix.system();
        TunnelDirectories directories = site.directories(posix);
        SingleForwards tunnels = SingleForwards.of(posix, directories, wanted);
        if (name.isPresent() && !tunnels.isEmpty() && !tunnels.isAll(name.get())) {
            return tunnels.close(name.get());
        }
        List<TunnelReport> found = new ArrayList<>(tunnels.having(name));
        if (name.isEmpty()) {
            found.addAll(tunnels.abandoned());
        }
        return end(found, directories, posix);
    }

    /** Ends all of them, and says so. */
    private int end(List<TunnelReport> found, TunnelDirectories directories, Posix posix) throws IOException {
        try {
            for (TunnelReport report : found) {
                if (report.status() == Status.STALE) {
                    AbandonedTunnel.end(posix, directories, report);
                } else {
                    end(report.details().orElseThrow(), posix);
                }
            }
        } catch (TunnelFailure e) {
            Terminal.tell(OwnCommand.NAME + ": " + e.text("tunnel not closed"));
            return 1;
        }
        boolean gone = areGone(found, directories, posix);
        for (TunnelReport report : found) {
            Details details = report.details().orElseThrow();
            System.out.println((gone ? "closed " : "still there: ") + details.id() + ": "
                    + details.routes().text());
        }
        if (found.isEmpty()) {
            Terminal.tell(SingleForwards.none(wanted));
        }
        return gone && !found.isEmpty() ? 0 : 1;
    }

    /** Of a step that is there for its tunnel alone the whole step; else the keeper, whose owner goes on. */
    private static void end(Details details, Posix posix) throws IOException {
        RunningProcess keeper = new RunningProcess(details.keeper());
        Optional<RunningProcess> owner = keeper.parent();
        boolean alone = owner.isPresent() && owner.get().arguments().contains(OpenCommand.STEP_NAME);
        posix.kill(alone ? owner.get().pid() : keeper.pid(), Signal.TERM);
    }

    private static boolean areGone(List<TunnelReport> found, TunnelDirectories directories, Posix posix)
            throws IOException {
        List<String> paths = found.stream().map(TunnelReport::directory).toList();
        for (long end = System.nanoTime() + LIMIT.toNanos(); System.nanoTime() < end; ) {
            List<TunnelReport> left = directories.reports(Optional.of(posix.userId()));
            if (left.stream().noneMatch(report -> paths.contains(report.directory()))) {
                return true;
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }
}
