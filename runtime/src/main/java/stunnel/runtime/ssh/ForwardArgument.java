package stunnel.runtime.ssh;

import stunnel.plan.Destination;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Listener;

/** A forward as the one word that ssh(1) takes for it, such as {@code -L127.0.0.1:8001:localhost:8000}. */
final class ForwardArgument {
    private ForwardArgument() {}

    static String of(Forward forward) {
        StringBuilder text = new StringBuilder();
        text.append('-').append(forward.direction().letter());
        appendListener(forward, text);
        if (forward.destination() instanceof Destination.Tcp tcp) {
            text.append(':').append(tcp.host().text()).append(':').append(tcp.port());
        } else if (forward.destination() instanceof Destination.UnixSocket socket) {
            text.append(':').append(socket.path());
        }
        return text.toString();
    }

    private static void appendListener(Forward forward, StringBuilder text) {
        if (forward.listener() instanceof Listener.Tcp tcp) {
            text.append(tcp.bind().text()).append(':').append(tcp.port());
        } else if (forward.listener() instanceof Listener.Auto auto) {
            // ssh asks sshd for a free port with -R 0; for -L and -D it knows nothing like that.
            String port = forward.direction() == Direction.REMOTE ? "0" : "auto";
            text.append(auto.bind().text()).append(':').append(port);
        } else if (forward.listener() instanceof Listener.UnixSocket socket) {
            text.append(socket.path());
        }
    }
}
