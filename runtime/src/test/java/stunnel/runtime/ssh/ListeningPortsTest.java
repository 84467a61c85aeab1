package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListeningPortsTest {
    /** What Linux 6.1 writes. */
    private static final String TABLE = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1F41 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 50 1
               1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51 1
               2: 0100007F:C001 0100007F:0016 01 00000000:00000000 00:00000000 00000000  1001        0 52 1
            """;

    @Test
    void areThoseInTheStateListen() throws IOException {
        Set<Integer> ports = new HashSet<>();
        ListeningPorts.addFrom(new BufferedReader(new StringReader(TABLE)), ports);
        assertThat(ports).containsExactlyInAnyOrder(8001, 22);
    }

    @Test
    void areFoundOfBothFamilies() throws IOException {
        try (ServerSocket ipv4 = new ServerSocket(0, 1, address(127, 0, 0, 1));
                ServerSocket ipv6 = new ServerSocket(0, 1, address(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1))) {
            assertThat(ListeningPorts.now()).contains(ipv4.getLocalPort(), ipv6.getLocalPort());
        }
    }

    private static InetAddress address(int... bytes) throws IOException {
        byte[] address = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            address[i] = (byte) bytes[i];
        }
        return InetAddress.getByAddress(address);
    }
}
