package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stunnel.plan.Destination;
import stunnel.plan.Forward;
import stunnel.plan.Listener;

/** What we write, ssh's own parser reads back as the same forward. */
class SshAgreementIT {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "8001",
                "8001:8000",
                "R8001:8000",
                "1900:license_server:1900",
                "8001:[2001:db8::7]:8000",
                "[::1]:8001:[::1]:8000",
                "R*:8001:localhost:8000",
                "*:8001:localhost:8000",
                "0.0.0.0:8001:h:1",
                "D1080",
                "D[::1]:1080",
                "8001:/run/a.sock",
                "/run/a.sock:8000",
                "/run/a.sock:/run/b.sock",
                "R/run/a.sock:/run/b.sock",
                "Rauto:8000",
            })
    void holdsForEveryForm(String spec) throws Exception {
        Forward forward = Plans.forward(spec);
        List<String> configuration = configuration(ForwardArgument.of(forward));
        assertThat(linesOf(configuration, keyword(forward)))
                .containsExactly(
                        keyword(forward) + " " + listener(forward.listener()) + destination(forward.destination()));
    }

    private static String keyword(Forward forward) {
        return switch (forward.direction()) {
            case LOCAL -> "localforward";
            case REMOTE -> "remoteforward";
            case DYNAMIC -> "dynamicforward";
        };
    }

    /** As `ssh -G` prints it: brackets around every host, none around a path. */
    private static String listener(Listener listener) {
        if (listener instanceof Listener.Tcp tcp) {
            return "[" + tcp.bind().name() + "]:" + tcp.port();
        }
        return listener instanceof Listener.UnixSocket socket ? socket.path() : "[127.0.0.1]:0";
    }

    private static String destination(Destination destination) {
        if (destination instanceof Destination.Tcp tcp) {
            return " [" + tcp.host().name() + "]:" + tcp.port();
        }
        return destination instanceof Destination.UnixSocket socket ? " " + socket.path() : "";
    }

    /** For a forward to or from a path `ssh -G` also prints a dynamicforward that does not exist. */
    private static List<String> linesOf(List<String> configuration, String keyword) {
        List<String> lines = new ArrayList<>();
        for (String line : configuration) {
            if (line.startsWith(keyword + " ")) {
                lines.add(line);
            }
        }
        return lines;
    }

    private static List<String> configuration(String argument) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("ssh", "-F", "none", "-G", argument, "x")
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
