package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;

class RoutesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "8001:8000;login:8001 -> cn1:8000",
                "R8001:8000;cn1:8001 -> login:8000",
                "8001:127.0.0.1:8000;login:8001 -> cn1:8000",
                "1900:license_server:1900;login:1900 -> license_server:1900 via cn1",
                "8001:[2001:db8::7]:8000;login:8001 -> [2001:db8::7]:8000 via cn1",
                "*:8001:localhost:8000;login:8001 (on every address) -> cn1:8000",
                "R10.0.0.1:8001:localhost:8000;cn1:8001 (on 10.0.0.1) -> login:8000",
                "D1080;login:1080 -> anywhere via cn1 (SOCKS)",
                "8001:/run/a.sock;login:8001 -> cn1:/run/a.sock",
                "/run/a.sock:8000;login:/run/a.sock -> cn1:8000",
                "Rauto:8000;cn1:auto -> login:8000",
            })
    void sayWhatReachesWhat(String spec, String text) {
        assertThat(routes(spec).text()).isEqualTo(text);
    }

    @Test
    void fitOnOneLine() {
        assertThat(routes("8001:8000,8889:8888,8003:8003").text())
                .isEqualTo("login:8001 -> cn1:8000, login:8889 -> cn1:8888, login:8003 -> cn1:8003");
        assertThat(routes("8001-9000:8001-9000").text())
                .isEqualTo("login:8001 -> cn1:8001, login:8002 -> cn1:8002, login:8003 -> cn1:8003, … and 997 more");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "web=8001:8000;web=9:8000;web=auto:8000",
                "R8001:8000;R9:8000;Rauto:8000",
                "D1080;D9;Dauto",
                "10.0.0.1:8001:db:5432;10.0.0.1:9:db:5432;10.0.0.1:auto:db:5432",
                "LLogin:8001:db:5432;LLogin:9:db:5432;LLogin:auto:db:5432",
            })
    void sayWhatToTypeInstead(String spec, String other, String auto) {
        Routes routes = routes(spec);
        Forward forward = Plans.forward(spec);
        Host bind = ((Listener.Tcp) forward.listener()).bind();
        assertThat(routes.typedWith(forward, new Listener.Tcp(bind, 9))).isEqualTo(other);
        assertThat(routes.typedWithAuto(forward)).isEqualTo(auto);
    }

    private static Routes routes(String spec) {
        return new Routes(Plans.of(spec), "login", "cn1");
    }
}
