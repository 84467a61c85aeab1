package stunnel.cli;

import java.util.ArrayList;
import java.util.List;
import stunnel.plan.Destination;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;
import stunnel.runtime.ssh.ShellWords;
import stunnel.runtime.ssh.SshCommands;

/**
 * A plan for people: the host that runs ssh on the left, the one that it connects to on the right, an arrow from each listener to what
 * is reached through it, and the commands.
 */
final class PlanDrawing {
    private static final String RIGHTWARDS = " --> ";
    private static final String LEFTWARDS = " <-- ";

    private final StringBuilder text = new StringBuilder();

    private PlanDrawing() {}

    static String of(Planned planned) {
        PlanDrawing drawing = new PlanDrawing();
        if (planned.tunnel().isPresent()) {
            drawing.tunnel(planned.tunnel().get());
        }
        return drawing.text.toString();
    }

    private void tunnel(Planned.Tunnel tunnel) {
        List<Forward> forwards = tunnel.routes().plan().forwards();
        List<String> left = new ArrayList<>(List.of("[" + tunnel.routes().opener() + "]"));
        List<String> right = new ArrayList<>(List.of("[" + tunnel.routes().target() + "]"));
        List<String> arrows = new ArrayList<>(List.of(" ssh "));
        for (Forward forward : forwards) {
            boolean remote = forward.direction() == Direction.REMOTE;
            left.add(remote ? destination(forward) : listener(forward));
            right.add(remote ? listener(forward) : destination(forward));
            arrows.add(remote ? LEFTWARDS : RIGHTWARDS);
        }
        int width = 0;
        for (String cell : left) {
            width = Math.max(width, cell.length());
        }
        for (int i = 0; i < left.size(); i++) {
            line("  " + " ".repeat(width - left.get(i).length()) + left.get(i) + arrows.get(i) + right.get(i));
        }
        line("");
        SshCommands commands = tunnel.commands();
        line("start    " + ShellWords.of(commands.start()));
        line("forward  " + ShellWords.of(commands.forward(forwards)));
        line("check    " + ShellWords.of(commands.check()));
        line("stop     " + ShellWords.of(commands.stop()));
        if (!commands.tuning().options().isEmpty()) {
            line("tuning   " + String.join(" ", commands.tuning().options())
                    + " (fast on this machine; ssh.tuning = stock leaves it to ssh)");
        }
        line("settings "
                + (tunnel.siteFile().isPresent() ? tunnel.siteFile().get() : "built in, there is no stunnel.conf"));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static String listener(Forward forward) {
        String name = forward.name().isPresent() ? forward.name().get() + "=" : "";
        if (forward.listener() instanceof Listener.Tcp tcp) {
            return name + bound(tcp.bind()) + tcp.port();
        }
        if (forward.listener() instanceof Listener.Auto auto) {
            return name + bound(auto.bind()) + "auto";
        }
        return name + ((Listener.UnixSocket) forward.listener()).path();
    }

    private static String bound(Host bind) {
        return bind.text() + ":";
    }

    private static String destination(Forward forward) {
        if (forward.destination() instanceof Destination.Tcp tcp) {
            return tcp.host().text() + ":" + tcp.port();
        }
        return forward.destination() instanceof Destination.UnixSocket socket ? socket.path() : "anywhere (SOCKS)";
    }
}
