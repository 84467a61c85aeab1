package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stunnel.plan.Host;

/** Against lines that Linux 6.1 wrote on a little-endian machine, and sockets that are there. */
class TcpSocketTest {
    private static final String REST = " 0A 00000000:00000000 00:00000000 00000000  1001        0 50 1";

    @ParameterizedTest
    @CsvSource({
        "0100007F:1F41 00000000:0000,127.0.0.1,true",
        "0100007F:1F41 00000000:0000,127.0.0.2,false",
        "0100007F:1F41 00000000:0000,*,true",
        "0100007F:1F41 00000000:0000,0.0.0.0,true",
        "0100007F:1F41 00000000:0000,localhost,true",
        "0500004D:1F41 00000000:0000,127.0.0.1,false",
        "00000000:1F41 00000000:0000,127.0.0.1,true",
        "00000000000000000000000000000000:1F41 00000000000000000000000000000000:0000,127.0.0.1,true",
        "00000000000000000000000001000000:1F41 00000000000000000000000000000000:0000,::1,true",
        "00000000000000000000000001000000:1F41 00000000000000000000000000000000:0000,127.0.0.1,false",
    })
    void isInTheWayOfTheSameAddressAndOfAll(String addresses, String bind, boolean inTheWay) throws IOException {
        TcpSocket socket = TcpSocket.of("   0: " + addresses + REST).orElseThrow();
        assertThat(socket.port()).isEqualTo(8001);
        assertThat(socket.uid()).isEqualTo(1001);
        assertThat(socket.link()).isEqualTo("socket:[50]");
        assertThat(socket.isInTheWayOf(new Host(bind))).isEqualTo(inTheWay);
    }

    @Test
    void isInNobodysWayAsAConnection() throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try (ServerSocket server = new ServerSocket(0, 1, loopback);
                Socket client = new Socket(loopback, server.getLocalPort())) {
            List<TcpSocket> sockets = TcpSocket.all();
            assertThat(sockets).anyMatch(socket -> socket.port() == server.getLocalPort() && socket.listens());
            assertThat(sockets)
                    .anyMatch(socket -> socket.port() == client.getLocalPort() && !socket.isInTheWayOf(Host.ANY));
        }
    }

    @Test
    void isNoneInTheHeading() throws IOException {
        assertThat(TcpSocket.of("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid"
                        + "  timeout inode"))
                .isEmpty();
    }
}
