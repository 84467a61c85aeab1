package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against lines that ssh 9.2 wrote. */
class ForwardProblemTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "8001:8000,8003:8888;8003:8888;mux_master_process_open_fwd: requested local forward 127.0.0.1:8003 -> localhost:8888 failed",
                "8001:8000,8003:8888;8003:8888;bind [127.0.0.1]:8003: Address already in use",
                "8001:8000,D8003;D8003;mux_master_process_open_fwd: requested dynamic forward 127.0.0.1:8003 -> * failed",
                "8001:8000,8.8.8.8:8003:b:8888;8.8.8.8:8003:b:8888;bind [8.8.8.8]:8003: Cannot assign requested address",
                "R8001:8000,R8003:8888;R8003:8888;mux_confirm_remote_forward: remote port forwarding failed for listen port 8003",
                "8003:8000,R8003:8888;R8003:8888;mux_client_forward: forwarding request failed: remote port forwarding failed for listen port 8003",
                "[::1]:8003:a:1,8003:8888;8003:8888;bind [127.0.0.1]:8003: Address already in use",
            })
    void namesTheForwardThatSshRefused(String spec, String refused, String line) {
        assertThat(ForwardProblem.named(Plans.forwards(spec), List.of(line))).contains(Plans.forward(refused));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "8001:8000;bind [127.0.0.1]:18001: Address already in use",
                "8001:8000;bind [127.0.0.1]:80: Address already in use",
                "R800:8000;mux_confirm_remote_forward: remote port forwarding failed for listen port 8001",
                "8001:8000;mux_confirm_remote_forward: remote port forwarding failed for listen port 8001",
                "R8001:8000,R[::1]:8001:a:1;mux_confirm_remote_forward: remote port forwarding failed for listen port 8001",
                "8001:8000;Permission denied (publickey).",
            })
    void doesNotGuess(String spec, String line) {
        assertThat(ForwardProblem.named(Plans.forwards(spec), List.of(line))).isEmpty();
    }

    @Test
    void keepsTheLineWithTheReason() {
        List<String> lines = List.of(
                "bind [8.8.8.8]:8021: Cannot assign requested address",
                "channel_setup_fwd_listener_tcpip: cannot listen to port: 8021",
                "mux_master_process_open_fwd: requested local forward 8.8.8.8:8021 -> localhost:80 failed",
                "mux_client_forward: forwarding request failed: Port forwarding failed",
                "muxclient: master forward request failed");
        Routes routes = new Routes(Plans.of("8.8.8.8:8021:localhost:80"), "login", "cn1");
        assertThat(ForwardProblem.failure(routes, routes.plan().forwards().get(0), lines)
                        .text())
                .isEqualTo("""
                        tunnel not opened: forward L8.8.8.8:8021:localhost:80 (login:8021 (on 8.8.8.8) -> cn1:80): ssh cannot listen on 8.8.8.8:8021 of login
                          ssh: bind [8.8.8.8]:8021: Cannot assign requested address
                          next: the bind is no address of login: leave it out, or name one that `ip address` shows""");
    }
}
