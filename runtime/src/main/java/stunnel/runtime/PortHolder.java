package stunnel.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Listener;
import stunnel.runtime.TunnelReport.Details;
import stunnel.runtime.TunnelReport.Status;
import stunnel.runtime.ssh.Routes;

/**
 * Who has a port, in words for who wanted it.
 *
 * @param directories the tunnels of this host
 * @param uid who wanted it
 */
record PortHolder(TunnelDirectories directories, int uid) {
    private static final Path PROCESSES = Path.of("/proc");

    /**
     * The caller's tunnel that listens there, if this host holds it.
     *
     * @param refused the forward that did not get its port
     * @param routes the hosts that it is between
     */
    Optional<String> tunnel(Forward refused, Routes routes) throws IOException {
        for (TunnelReport report : directories.reports(Optional.of(uid))) {
            boolean alive = report.status() == Status.UP || report.status() == Status.RECONNECTING;
            if (alive && report.details().isPresent()) {
                Optional<String> holder = tunnel(report.details().get(), refused, routes);
                if (holder.isPresent()) {
                    return holder;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> tunnel(Details details, Forward refused, Routes routes) {
        String host = routes.of(refused).listeningHost();
        int port = ((Listener.Tcp) refused.listener()).port();
        for (Forward forward : details.routes().plan().forwards()) {
            boolean remote = forward.direction() == Direction.REMOTE;
            boolean sameHost = remote == (refused.direction() == Direction.REMOTE)
                    && details.routes().of(forward).listeningHost().equals(host);
            if (sameHost && forward.listener() instanceof Listener.Tcp tcp && tcp.port() == port) {
                String name = forward.name().isPresent() ? forward.name().get() : Integer.toString(port);
                return Optional.of("your job " + details.job() + ", tunnel " + name + " ("
                        + OwnCommand.quoted("close " + details.id() + " " + name) + " ends it)");
            }
        }
        return Optional.empty();
    }

    /** The process of this host that has a socket. */
    String process(TcpSocket socket) {
        if (socket.uid() != uid) {
            return "a process of " + user(socket.uid()) + ", none of yours";
        }
        for (Path process : children(PROCESSES)) {
            for (Path descriptor : isNumber(process) ? children(process.resolve("fd")) : List.<Path>of()) {
                if (leadsTo(descriptor, socket.link())) {
                    int pid = Integer.parseInt(process.getFileName().toString());
                    return "your process " + pid + ", " + new RunningProcess(pid).name();
                }
            }
        }
        return "a process of yours that cannot be looked at, such as the sshd of a tunnel that ends here";
    }

    /** By a process of that user's: Java asks for no name but a file's owner's. */
    private static String user(int uid) {
        for (Path process : children(PROCESSES)) {
            try {
                if (isNumber(process) && Files.getAttribute(process, "unix:uid").equals(uid)) {
                    return Files.getOwner(process).getName();
                }
            } catch (IOException e) {
                // It has ended.
            }
        }
        return "uid " + Integer.toUnsignedString(uid);
    }

    private static boolean isNumber(Path process) {
        return Character.isDigit(process.getFileName().toString().charAt(0));
    }

    private static boolean leadsTo(Path descriptor, String link) {
        try {
            return Files.readSymbolicLink(descriptor).toString().equals(link);
        } catch (IOException e) {
            return false; // closed by now
        }
    }

    private static List<Path> children(Path folder) {
        try (var entries = Files.list(folder)) {
            return entries.toList();
        } catch (IOException e) {
            return List.of(); // somebody else's, or gone
        }
    }
}
