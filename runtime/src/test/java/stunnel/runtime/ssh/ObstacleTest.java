package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against lines that ssh 9.2 wrote. */
class ObstacleTest {
    private static final Routes ROUTES = new Routes(Plans.of("8001:8000,R9001:1900,/tmp/a.sock:80"), "login", "cn1");

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "channel 3: open failed|bind [127.0.0.1]:8001: Address already in use|channel_setup_fwd_listener_tcpip: cannot listen to port: 8001|connect_to localhost port 1900: failed.;port 8001 of login is in use, it seems by another program",
                "mux_confirm_remote_forward: remote port forwarding failed for listen port 9001;port 9001 of cn1 is in use, it seems by another program",
                "bind [127.0.0.1]:8001: Cannot assign requested address|channel_setup_fwd_listener_tcpip: cannot listen to port: 8001;ssh: bind [127.0.0.1]:8001: Cannot assign requested address",
                "unix_listener: cannot bind to path /tmp/a.sock: Address already in use|mux_master_process_open_fwd: requested local forward /tmp/a.sock:-2 -> localhost:80 failed;ssh: unix_listener: cannot bind to path /tmp/a.sock: Address already in use",
                "ssh: connect to host cn1 port 22: Connection refused;ssh: connect to host cn1 port 22: Connection refused",
                "kex_exchange_identification: Connection closed by remote host|Connection closed by 10.77.0.11 port 22;ssh: kex_exchange_identification: Connection closed by remote host",
                "Warning: a key|took too long;ssh: took too long",
                "Timeout, server cn1 not responding.;ssh: Timeout, server cn1 not responding.",
            })
    void isTheReasonAmongTheLines(String lines, String reason) {
        assertThat(Obstacle.of(ROUTES, lines.replace('|', '\n'))).contains(reason);
    }

    @Test
    void isSafeOnATerminal() {
        assertThat(Obstacle.of(ROUTES, "one\n\u001b[2Jtwo\r\n")).contains("ssh: ?[2Jtwo");
    }

    @Test
    void isNoneWithoutALine() {
        assertThat(Obstacle.of(ROUTES, "debug1: x\n")).isEmpty();
    }
}
