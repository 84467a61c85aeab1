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
import stunnel.runtime.RunningProcess;
import stunnel.runtime.TunnelDirectories;
import stunnel.runtime.TunnelReport;
import stunnel.runtime.TunnelReport.Details;
import stunnel.runtime.TunnelReport.Status;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.Signal;

/** {@code stunnel close}: ends tunnels, and nothing else of their jobs. */
@Command(
        name = "close",
        description = "End the tunnels of a job, or of one of its steps, that ssh holds on this host. The job goes on.",
        footer = {"", "Examples: stunnel close 812; stunnel close 812.3; stunnel close 812.batch"},
        sortOptions = false)
final class CloseCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int POLL_MILLIS = 20;

    @Parameters(paramLabel = "JOBID[.STEP]", description = "As `stunnel list` shows it.")
    private String wanted = "";

    @Mixin
    private SiteOption site = new SiteOption();

    @Mixin
    private Invocation invocation = new Invocation();

    @Override
    public Integer call() throws IOException {
        if (!wanted.matches("\\d+(\\.\\w+)?")) {
            throw invocation.wrong(wanted + " is not JOBID or JOBID.STEP");
        }
        Posix posix = Posix.system();
        TunnelDirectories directories = site.directories(posix);
        List<TunnelReport> found = living(directories, posix);
        for (TunnelReport report : found) {
            end(report.details().orElseThrow(), posix);
        }
        boolean gone = areGone(found, directories, posix);
        for (TunnelReport report : found) {
            Details details = report.details().orElseThrow();
            System.out.println((gone ? "closed " : "still there: ") + details.id() + ": "
                    + details.routes().text());
        }
        if (found.isEmpty()) {
            System.err.println("stunnel: this host holds no tunnel of " + wanted
                    + "; `stunnel list` shows those that it holds, here and on the job's first node");
        }
        return gone && !found.isEmpty() ? 0 : 1;
    }

    private List<TunnelReport> living(TunnelDirectories directories, Posix posix) throws IOException {
        List<TunnelReport> found = new ArrayList<>();
        for (TunnelReport report : directories.reports(Optional.of(posix.userId()))) {
            Optional<Details> details = report.details();
            boolean alive = report.status() == Status.UP || report.status() == Status.RECONNECTING;
            if (alive
                    && details.isPresent()
                    && (details.get().job().equals(wanted) || details.get().id().equals(wanted))) {
                found.add(report);
            }
        }
        return found;
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
