package stunnel.runtime;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.ssh.Deadline;
import stunnel.runtime.ssh.SocketListeners;
import stunnel.runtime.ssh.TunnelFailure;

/** A tunnel whose keeper was killed: its ssh lives on, and nobody is left to end that. */
public final class AbandonedTunnel {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private AbandonedTunnel() {}

    /** Does what the keeper would have done: nothing of the tunnel is left. */
    public static void end(Posix posix, TunnelDirectories directories, TunnelReport report)
            throws TunnelFailure, IOException {
        Optional<Message> state = directories.state(report.directory());
        if (state.isEmpty()) {
            return; // somebody else has ended it meanwhile
        }
        try (StandingMaster standing = StandingMaster.of(posix, report.directory(), state.get())) {
            new SocketListeners(report.details().orElseThrow().routes(), standing.master())
                    .remove(Deadline.after(LIMIT));
            standing.master().stop();
            standing.directory().removeAll();
        }
    }
}
