package stunnel.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ForwardTest {
    private static final Listener PORT = new Listener.Tcp(Host.LOOPBACK, 8001);
    private static final Destination WEB = new Destination.Tcp(Host.LOCALHOST, 8000);
    private static final Destination SOCKET = new Destination.UnixSocket("/run/web.sock");

    @Test
    void socksIsTheDestinationOfDynamicForwardsAlone() {
        assertThatNoException().isThrownBy(() -> forward(Direction.DYNAMIC, PORT, new Destination.Socks()));
        assertThatIllegalArgumentException().isThrownBy(() -> forward(Direction.DYNAMIC, PORT, WEB));
        assertThatIllegalArgumentException().isThrownBy(() -> forward(Direction.LOCAL, PORT, new Destination.Socks()));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        forward(Direction.DYNAMIC, new Listener.UnixSocket("/run/socks"), new Destination.Socks()));
    }

    @Test
    void aSocketIsReachedFromTheLoopbackAddressAlone() {
        assertThatNoException().isThrownBy(() -> forward(Direction.LOCAL, PORT, SOCKET));
        assertThatNoException().isThrownBy(() -> forward(Direction.LOCAL, new Listener.Auto(Host.LOOPBACK), SOCKET));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> forward(Direction.LOCAL, new Listener.Tcp(Host.ANY, 8001), SOCKET));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> forward(Direction.LOCAL, new Listener.Auto(Host.ANY), SOCKET));
    }

    @Test
    void valuesAreWithinTheirBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Listener.Tcp(Host.ANY, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Destination.Tcp(Host.LOCALHOST, 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> new Destination.Tcp(Host.ANY, 80));
        assertThatIllegalArgumentException().isThrownBy(() -> new Listener.UnixSocket("run/x"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Destination.UnixSocket("/run/a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Destination.UnixSocket("/" + "a".repeat(90)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Host(""));
        assertThatIllegalArgumentException().isThrownBy(() -> new Host("a b"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Host("a*"));
        assertThatIllegalArgumentException().isThrownBy(() -> new TunnelPlan(Origin.SRUN, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Forward(Optional.of("a-b"), Direction.LOCAL, PORT, WEB));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Forward(Optional.of("1a"), Direction.LOCAL, PORT, WEB));
    }

    @Test
    void originsKnowTheirDirection() {
        assertThat(Origin.of("srun")).map(Origin::defaultDirection).contains(Direction.LOCAL);
        assertThat(Origin.of("sbatch")).map(Origin::defaultDirection).contains(Direction.REMOTE);
        assertThat(Origin.of("salloc")).map(Origin::defaultDirection).contains(Direction.REMOTE);
        assertThat(Origin.of("SRUN")).isEmpty();
    }

    private static Forward forward(Direction direction, Listener listener, Destination destination) {
        return new Forward(Optional.empty(), direction, listener, destination);
    }
}
