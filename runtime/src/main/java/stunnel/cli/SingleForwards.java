package stunnel.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.parser.Compilation;
import stunnel.plan.Forward;
import stunnel.plan.Listener;
import stunnel.runtime.OwnCommand;
import stunnel.runtime.TunnelDirectories;
import stunnel.runtime.TunnelReport;
import stunnel.runtime.TunnelReport.Status;
import stunnel.runtime.TunnelRevision;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.ssh.Routes;
import stunnel.runtime.ssh.TunnelFailure;

/**
 * The forwards of the tunnels that somebody means with JOBID or JOBID.STEP, one by one.
 *
 * @param posix this host
 * @param directories of this host
 * @param wanted what was typed
 * @param tunnels those of the caller that are meant, and alive
 * @param abandoned those whose keeper is gone
 */
record SingleForwards(
        Posix posix,
        TunnelDirectories directories,
        String wanted,
        List<TunnelReport> tunnels,
        List<TunnelReport> abandoned) {

    static SingleForwards of(Posix posix, TunnelDirectories directories, String wanted) throws IOException {
        List<TunnelReport> alive = new ArrayList<>();
        List<TunnelReport> abandoned = new ArrayList<>();
        for (TunnelReport report : TunnelDirectories.meant(directories.reports(Optional.of(posix.userId())), wanted)) {
            (report.status() == Status.STALE ? abandoned : alive).add(report);
        }
        return new SingleForwards(posix, directories, wanted, alive, abandoned);
    }

    /** What to say where there is none. */
    static String none(String wanted) {
        return OwnCommand.NAME + ": this host holds no tunnel of " + wanted + "; " + OwnCommand.quoted("list")
                + " shows those that it holds, here and on the job's first node";
    }

    boolean isEmpty() {
        return tunnels.isEmpty();
    }

    /** Those that have a forward of this name; all if there is none. */
    List<TunnelReport> having(Optional<String> name) {
        List<TunnelReport> having = new ArrayList<>();
        for (TunnelReport report : tunnels) {
            if (name.isEmpty() || forward(report, name.get()).isPresent()) {
                having.add(report);
            }
        }
        return having;
    }

    /** Whether the one tunnel that has this forward has no other: then it ends with it. */
    boolean isAll(String name) {
        List<TunnelReport> having = having(Optional.of(name));
        return having.size() == 1 && forwards(having.get(0)).size() == 1;
    }

    /** Adds forwards to the one tunnel that is meant. */
    int add(String spec) throws IOException {
        if (tunnels.size() != 1) {
            String job = wanted.substring(0, wanted.indexOf('.'));
            Terminal.tell(none(wanted) + ", and " + OwnCommand.quoted("open " + job + " SPEC") + " opens one");
            return 1;
        }
        try (TunnelRevision revision = TunnelRevision.of(posix, directories, tunnels.get(0))) {
            Compilation compilation = revision.compile(spec);
            Terminal.ERROR.print(compilation.diagnostics());
            if (compilation.plan().isEmpty()) {
                return 1;
            }
            Routes added = revision.add(compilation.plan().get());
            revision.warnings().forEach(Terminal::tell);
            System.out.println("opened " + id(tunnels.get(0)) + ": " + added.text());
            return 0;
        } catch (TunnelFailure e) {
            Terminal.tell(OwnCommand.NAME + ": " + e.text("forward not opened"));
            return 1;
        }
    }

    /** Closes the one forward of this name, of a tunnel that has others. */
    int close(String name) throws IOException {
        List<TunnelReport> having = having(Optional.of(name));
        if (having.size() != 1) {
            Terminal.tell(
                    having.isEmpty()
                            ? OwnCommand.NAME + ": no tunnel of " + wanted + " has a forward " + name + "; "
                                    + OwnCommand.quoted("list") + " shows their names and ports"
                            : OwnCommand.NAME + ": several tunnels of " + wanted + " have a forward " + name
                                    + "; name one of "
                                    + String.join(
                                            ", ",
                                            having.stream()
                                                    .map(SingleForwards::id)
                                                    .toList()));
            return 1;
        }
        TunnelReport report = having.get(0);
        Forward forward = forward(report, name).orElseThrow();
        try (TunnelRevision revision = TunnelRevision.of(posix, directories, report)) {
            revision.remove(forward);
            Routes routes = report.details().orElseThrow().routes();
            System.out.println(
                    "closed " + id(report) + ": " + routes.of(forward).text());
            return 0;
        } catch (TunnelFailure e) {
            Terminal.tell(OwnCommand.NAME + ": " + e.text("forward not closed"));
            return 1;
        }
    }

    private static Optional<Forward> forward(TunnelReport report, String name) {
        return forwards(report).stream()
                .filter(forward -> forward.name().filter(name::equalsIgnoreCase).isPresent()
                        || listen(forward.listener()).equals(name))
                .findFirst();
    }

    private static String listen(Listener listener) {
        if (listener instanceof Listener.Tcp tcp) {
            return Integer.toString(tcp.port());
        }
        return listener instanceof Listener.UnixSocket socket ? socket.path() : "";
    }

    private static List<Forward> forwards(TunnelReport report) {
        return report.details().orElseThrow().routes().plan().forwards();
    }

    private static String id(TunnelReport report) {
        return report.details().orElseThrow().id();
    }
}
