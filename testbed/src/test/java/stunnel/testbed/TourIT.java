package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tour of docs/tour.md, in real terminals: one for each word behind {@code console}. A block without a command is what has
 * come up in its terminal since. {@code UPDATE_GOLDEN=true} puts what is seen now in the place of what the page has, and fails.
 */
@TestbedTest
class TourIT {
    private static final Path PAGE = Path.of("../docs/tour.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^(```console (\\w+)\n)(.*?)^```$");
    private static final boolean UPDATE = "true".equals(System.getenv("UPDATE_GOLDEN"));
    private static final Duration LIMIT = Duration.ofSeconds(UPDATE ? 10 : 30);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String SETTINGS = "login.host = \"%h.example.org\", policy.forwards = 20\n";

    /** What only shows how things are is typed again until it shows what the page does. */
    private static final Pattern LOOKS = Pattern.compile("(squeue|stunnel list|curl|grep)\\b.*");

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Map<String, Screen> screens = new LinkedHashMap<>();
    private final Map<String, List<String>> below = new LinkedHashMap<>();
    private final Shown shown = new Shown();

    @Test
    void showsWhatAUserSees() throws IOException {
        String page = Files.readString(PAGE);
        String seen;
        try (ReplacedFile rc = ReplacedFile.with(testbed.host("login"), "/etc/bash.bashrc", Screen.RC);
                ReplacedFile settings = ReplacedFile.settings(testbed, SETTINGS)) {
            seen = BLOCK.matcher(page)
                    .replaceAll(block -> Matcher.quoteReplacement(block.group(1)
                            + block(block.group(2), block.group(3).lines().toList()) + "```"));
        } finally {
            alice.output("scancel", "--user=alice");
            screens.values().forEach(Screen::close);
            Await.until(
                    "no job is left", () -> alice.output("squeue", "--noheader").isEmpty());
            alice.output("bash", "-c", "rm -f slurm-*.out array-* .ssh/config");
        }
        if (UPDATE) {
            Files.writeString(PAGE, seen);
        }
        assertThat(seen).isEqualTo(page);
    }

    /** The block as it is seen. */
    private String block(String name, List<String> lines) {
        List<Step.Command> commands = Step.Command.all(lines);
        List<String> seen = new ArrayList<>();
        if (commands.isEmpty()) {
            seen.addAll(since(name, lines));
        }
        for (Step.Command command : commands) {
            Screen screen = screens.computeIfAbsent(name, key -> Screen.open(account(command), key, command));
            String typed = command.typed().get(0);
            seen.add(command.prompt() + typed);
            seen.addAll(typed(screen, shown.typed(typed), command.shown()));
            below.put(name, command.shown());
        }
        return String.join("\n", seen) + "\n";
    }

    private List<String> typed(Screen screen, String command, List<String> lines) {
        long start = System.nanoTime();
        do {
            screen.type(command);
            if (Await.within(PATIENCE, () -> shown.matches(lines, screen.seen()))) {
                return lines;
            }
        } while (LOOKS.matcher(command).matches() && System.nanoTime() - start < LIMIT.toNanos());
        return await(screen, lines, lines);
    }

    /** What has come up below that which the page had of this terminal, or in its place. */
    private List<String> since(String name, List<String> lines) {
        List<String> all = Stream.concat(below.getOrDefault(name, List.of()).stream(), lines.stream())
                .toList();
        below.put(name, all);
        return await(Objects.requireNonNull(screens.get(name)), lines, all);
    }

    private List<String> await(Screen screen, List<String> lines, List<String> all) {
        if (Await.within(LIMIT, () -> shown.matches(all, screen.seen()) || shown.matches(lines, screen.seen()))) {
            return lines;
        }
        assertThat(UPDATE)
                .as("%nthe page:%n%s%nseen:%n%s", String.join("\n", lines), screen.seen())
                .isTrue();
        return shown.onThePage(screen.seen()).lines().toList();
    }

    private Account account(Step.Command command) {
        String host = command.host().equals("laptop") ? "cn2" : command.host();
        return testbed.host(host).as(command.user());
    }
}
