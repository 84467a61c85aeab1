package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import stunnel.fuzz.RandomRun;
import stunnel.parser.RandomSpecs;
import stunnel.plan.Destination;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Listener;

/** What we write, ssh's own parser reads back as the same forward. */
class SshAgreementIT {
    private static final long SEED = RandomRun.SEED;
    /** Of each direction. */
    private static final int FORWARDS = Integer.getInteger("stunnel.forwards", 1_000);
    /** For one run of ssh. */
    private static final int BATCH = 50;

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
        List<String> configuration = configuration(List.of(ForwardArgument.of(forward)));
        assertThat(linesOf(configuration, keyword(forward.direction()))).containsExactly(line(forward));
    }

    @ParameterizedTest
    @EnumSource
    void holdsForRandomSpecs(Direction direction) throws Exception {
        RandomSpecs specs = new RandomSpecs(new Random(SEED));
        for (int compared = 0; compared < FORWARDS; compared += BATCH) {
            // ssh drops a forward that it has already.
            Map<String, String> expected = new LinkedHashMap<>();
            while (expected.size() < BATCH) {
                for (Forward forward : Plans.forwards(specs.spec())) {
                    if (forward.direction() == direction && isKnownToSsh(forward)) {
                        expected.put(ForwardArgument.of(forward), line(forward));
                    }
                }
            }
            String keyword = keyword(direction);
            assertThat(linesOf(configuration(expected.keySet()), keyword))
                    .as("seed %d", SEED)
                    .containsExactlyElementsOf(expected.values());
        }
    }

    /** With -L and -D ssh has no word for a free port. */
    private static boolean isKnownToSsh(Forward forward) {
        return forward.direction() == Direction.REMOTE || !(forward.listener() instanceof Listener.Auto);
    }

    private static String keyword(Direction direction) {
        return switch (direction) {
            case LOCAL -> "localforward";
            case REMOTE -> "remoteforward";
            case DYNAMIC -> "dynamicforward";
        };
    }

    private static String line(Forward forward) {
        String keyword = keyword(forward.direction());
        return keyword + " " + listener(forward.listener()) + destination(forward.destination());
    }

    /** As `ssh -G` prints it: brackets around every host, none around a path. */
    private static String listener(Listener listener) {
        if (listener instanceof Listener.Tcp tcp) {
            return "[" + tcp.bind().name() + "]:" + tcp.port();
        }
        return listener instanceof Listener.Auto auto
                ? "[" + auto.bind().name() + "]:0"
                : ((Listener.UnixSocket) listener).path();
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

    private static List<String> configuration(Collection<String> arguments) throws IOException, InterruptedException {
        List<String> argv = new ArrayList<>(List.of("ssh", "-F", "none", "-G"));
        argv.addAll(arguments);
        argv.add("x");
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
