package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import stunnel.plan.Destination;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;
import stunnel.plan.Origin;
import stunnel.plan.TunnelPlan;

class JobEnvironmentTest {
    private static final Forward NAMED = new Forward(
            Optional.of("web_Ui"),
            Direction.REMOTE,
            new Listener.Tcp(Host.LOOPBACK, 8001),
            new Destination.Tcp(new Host("::1"), 8000));
    private static final Forward SOCKS = new Forward(
            Optional.empty(), Direction.DYNAMIC, new Listener.Tcp(Host.LOOPBACK, 1080), new Destination.Socks());
    private static final Forward SOCKET = new Forward(
            Optional.empty(),
            Direction.LOCAL,
            new Listener.Tcp(Host.LOOPBACK, 5000),
            new Destination.UnixSocket("/run/db.sock"));

    @Test
    void namesEachForwardByNumberAndByName() {
        assertThat(environment(Optional.of("cn1"), Optional.of("login"), NAMED))
                .containsExactly(
                        "STUNNEL_COUNT=1",
                        "STUNNEL_0_LISTEN=8001",
                        "STUNNEL_0_HOST=login",
                        "STUNNEL_0_TARGET=[::1]:8000",
                        "STUNNEL_WEB_UI_LISTEN=8001",
                        "STUNNEL_WEB_UI_HOST=login",
                        "STUNNEL_WEB_UI_TARGET=[::1]:8000");
    }

    @Test
    void listensOnTheOpenerUnlessTheForwardIsRemote() {
        assertThat(environment(Optional.of("cn1"), Optional.of("login"), SOCKS, SOCKET))
                .containsExactly(
                        "STUNNEL_COUNT=2",
                        "STUNNEL_0_LISTEN=1080",
                        "STUNNEL_0_HOST=cn1",
                        "STUNNEL_0_TARGET=",
                        "STUNNEL_1_LISTEN=5000",
                        "STUNNEL_1_HOST=cn1",
                        "STUNNEL_1_TARGET=/run/db.sock");
    }

    @Test
    void leavesOutAHostThatIsNotKnownYet() {
        assertThat(environment(Optional.empty(), Optional.of("login"), SOCKET, NAMED))
                .contains("STUNNEL_0_LISTEN=5000", "STUNNEL_1_HOST=login")
                .noneMatch(variable -> variable.startsWith("STUNNEL_0_HOST="));
    }

    @Test
    void leavesOutAPortThatIsNotKnownYet() {
        Forward free = new Forward(
                Optional.of("web"),
                Direction.REMOTE,
                new Listener.Auto(Host.LOOPBACK),
                new Destination.Tcp(Host.LOCALHOST, 8000));
        assertThat(environment(Optional.of("cn1"), Optional.of("login"), free))
                .containsExactly(
                        "STUNNEL_COUNT=1",
                        "STUNNEL_0_HOST=login",
                        "STUNNEL_0_TARGET=localhost:8000",
                        "STUNNEL_WEB_HOST=login",
                        "STUNNEL_WEB_TARGET=localhost:8000");
    }

    private static List<String> environment(Optional<String> opener, Optional<String> target, Forward... forwards) {
        return JobEnvironment.of(new TunnelPlan(Origin.SBATCH, List.of(forwards)), opener, target);
    }
}
