package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardArgumentTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "8001 -L127.0.0.1:8001:localhost:8001",
                "8001:8000 -L127.0.0.1:8001:localhost:8000",
                "R8001:8000 -R127.0.0.1:8001:localhost:8000",
                "web=-L1900:license_server:1900 -L127.0.0.1:1900:license_server:1900",
                "8001:[2001:db8::7]:8000 -L127.0.0.1:8001:[2001:db8::7]:8000",
                "[::1]:8001:[::1]:8000 -L[::1]:8001:[::1]:8000",
                "R*:8001:localhost:8000 -R*:8001:localhost:8000",
                "localhost:8001:cn2:8000 -L127.0.0.1:8001:cn2:8000",
                "D1080 -D127.0.0.1:1080",
                "D10.0.0.1:1080 -D10.0.0.1:1080",
                "8001:/run/a.sock -L127.0.0.1:8001:/run/a.sock",
                "/run/a.sock:8000 -L/run/a.sock:localhost:8000",
                "R/run/a.sock:/run/b.sock -R/run/a.sock:/run/b.sock",
                "Rauto:8000 -R127.0.0.1:0:localhost:8000",
                "auto:8000 -L127.0.0.1:auto:localhost:8000",
            })
    void isTheWordThatSshTakes(String spec, String argument) {
        assertThat(ForwardArgument.of(Plans.forward(spec))).isEqualTo(argument);
    }
}
