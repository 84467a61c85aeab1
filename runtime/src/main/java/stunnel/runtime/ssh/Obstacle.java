package stunnel.runtime.ssh;

import java.util.List;
import java.util.Optional;
import stunnel.plan.Forward;
import stunnel.plan.Listener;

/** What keeps a lost tunnel from coming back, told from what ssh wrote when that was tried last. */
public final class Obstacle {
    private static final String SSH = "ssh: ";

    private Obstacle() {}

    /** In one line that is safe on a terminal; empty if ssh wrote nothing. */
    public static Optional<String> of(Routes routes, String words) {
        List<String> lines = SshLog.lines(words);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        for (Forward forward : routes.plan().forwards()) {
            if (forward.listener() instanceof Listener.Tcp tcp && ForwardProblem.isTaken(forward, lines)) {
                return Optional.of("port " + tcp.port() + " of "
                        + routes.of(forward).listeningHost() + " is in use, it seems by another program");
            }
        }
        String line = ForwardProblem.reason(lines)
                .or(() -> ConnectProblem.reason(lines))
                .orElse(lines.get(lines.size() - 1));
        return Optional.of(line.startsWith(SSH) ? line : SSH + line);
    }
}
