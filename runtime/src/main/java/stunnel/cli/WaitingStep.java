package stunnel.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stunnel.runtime.OwnCommand;
import stunnel.runtime.RunningProcess;
import stunnel.runtime.TunnelDirectories;
import stunnel.runtime.TunnelReport;
import stunnel.runtime.TunnelReport.Status;
import stunnel.runtime.posix.FileAccess;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.Signal;
import stunnel.runtime.posix.SpawnRequest;

/** An srun whose step does nothing but hold a tunnel. It has a session of its own, so no terminal ends it. */
final class WaitingStep {
    /** More than slurmctld, and a tunnel, are given. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final int POLL_MILLIS = 50;

    private final Posix posix;
    private final int pid;
    private final Optional<NamelessFile> output;

    private WaitingStep(Posix posix, int pid, Optional<NamelessFile> output) {
        this.posix = posix;
        this.pid = pid;
        this.output = output;
    }

    /** Starts it; in the foreground it writes where we do. */
    static WaitingStep start(Posix posix, List<String> argv, boolean foreground) throws IOException {
        Map<Integer, Integer> descriptors = new HashMap<>();
        descriptors.put(0, posix.openFile("/dev/null", FileAccess.READ));
        Optional<NamelessFile> output = foreground ? Optional.empty() : Optional.of(NamelessFile.create(posix));
        if (output.isPresent()) {
            descriptors.put(1, output.get().descriptor());
            descriptors.put(2, output.get().descriptor());
        }
        return new WaitingStep(posix, posix.spawn(new SpawnRequest(argv, descriptors)), output);
    }

    /** Waits for its end, and brings that about when this process is to end. */
    int await() throws IOException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end of the step"));
        posix.awaitEnd(pid);
        return posix.reap(pid).isSuccess() ? 0 : 1;
    }

    private void end() {
        try {
            posix.kill(pid, Signal.TERM);
            for (long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
                    new RunningProcess(pid).isAlive() && System.nanoTime() < end; ) {
                Thread.sleep(POLL_MILLIS);
            }
        } catch (IOException e) {
            // It has ended by itself.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when its tunnel is up, and leaves it to itself. */
    int detach(TunnelDirectories directories) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        try {
            while (new RunningProcess(pid).isAlive() && System.nanoTime() < end) {
                Optional<TunnelReport.Details> tunnel = tunnel(directories);
                if (tunnel.isPresent()) {
                    String step = tunnel.get().id();
                    System.err.print(said());
                    System.err.flush();
                    System.out.println("opened " + step + "; " + OwnCommand.quoted("close " + step) + " ends it");
                    return 0;
                }
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end();
        System.err.print(said());
        Terminal.tell(OwnCommand.NAME + ": the tunnel was not opened");
        return 1;
    }

    /** The tunnel whose keeper is the child of our srun. */
    private Optional<TunnelReport.Details> tunnel(TunnelDirectories directories) throws IOException {
        for (TunnelReport report : directories.reports(Optional.of(posix.userId()))) {
            if (report.status() == Status.UP && report.details().isPresent()) {
                TunnelReport.Details details = report.details().get();
                Optional<RunningProcess> owner = new RunningProcess(details.keeper()).parent();
                if (owner.isPresent() && owner.get().pid() == pid) {
                    return Optional.of(details);
                }
            }
        }
        return Optional.empty();
    }

    private String said() throws IOException {
        return output.isPresent() ? output.get().text() : "";
    }
}
