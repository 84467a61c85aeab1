package stunnel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import stunnel.cli.StunnelCommand;

/** The completions, asked in the shells that they are for. */
class CompletionTest {
    private static final Path FOLDER = Path.of("..", "docs", "completions");

    private final CommandLine command = StunnelCommand.commandLine();

    @Test
    void areThoseInDocs() throws IOException {
        Golden.expect(FOLDER.resolve("stunnel.bash"), AutoComplete.bash("stunnel", command));
        Golden.expect(FOLDER.resolve("stunnel.fish"), FishCompletion.of(command));
        Golden.expect(FOLDER.resolve("_stunnel"), ZshCompletion.of(command));
        Golden.seen();
    }

    @Test
    void fishOffersCommandsOptionsAndValues() throws IOException, InterruptedException {
        assertThat(fish("stunnel ")).containsAll(commands());
        for (String name : commands()) {
            assertThat(fish("stunnel " + name + " --")).containsAll(options(name));
        }
        assertThat(fish("stunnel plan --as ")).containsExactlyInAnyOrder("srun", "sbatch", "salloc");
    }

    private static List<String> fish(String line) throws IOException, InterruptedException {
        String script = "source " + FOLDER.resolve("stunnel.fish") + "; complete -C'" + line + "'";
        List<String> words = new ArrayList<>();
        for (String candidate : run("", "fish", "--no-config", "-c", script).split("\n", -1)) {
            words.add(candidate.split("\t", -1)[0]);
        }
        words.remove("");
        return words;
    }

    @Test
    void bashOffersCommandsAndOptions() throws IOException, InterruptedException {
        Path file = FOLDER.resolve("stunnel.bash");

        assertThat(bash(file, "stunnel", "")).containsAll(commands());
        for (String name : commands()) {
            assertThat(bash(file, "stunnel", name, "--")).containsAll(options(name));
        }
    }

    private static List<String> bash(Path file, String... words) throws IOException, InterruptedException {
        String script = "source " + file + "; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=\"$*\";"
                + " COMP_POINT=${#COMP_LINE}; _complete_stunnel; printf '%s\\n' \"${COMPREPLY[@]}\"";
        List<String> argv = new ArrayList<>(List.of("bash", "--norc", "-c", script, "bash"));
        argv.addAll(List.of(words));
        return List.of(run("", argv.toArray(String[]::new)).split("\\s+", -1));
    }

    /** Typed at a prompt, as people do it. */
    @Test
    void zshOffersCommandsAndOptions() throws IOException, InterruptedException {
        List<String> plan = options("plan");
        String typed = "stunnel \t" + "\u0015" + "stunnel plan --\t" + "\u0015";
        String start = "PS1='> '; fpath=(" + FOLDER.toRealPath()
                + " $fpath); autoload -U compinit; compinit -D -u; echo re''ady\n";
        ProcessBuilder builder =
                new ProcessBuilder("script", "-qc", "zsh -f -i", "/dev/null").redirectErrorStream(true);
        builder.environment().put("TERM", "xterm");
        Process zsh = builder.start();
        try (InputStream output = zsh.getInputStream()) {
            type(zsh, start);
            await(output, List.of("ready"));
            type(zsh, typed);
            List<String> expected = new ArrayList<>(commands());
            expected.addAll(plan);
            await(output, expected);
        } finally {
            zsh.descendants().forEach(ProcessHandle::destroyForcibly);
            zsh.destroyForcibly();
        }
    }

    private static void type(Process shell, String keys) throws IOException {
        shell.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        shell.getOutputStream().flush();
    }

    private static void await(InputStream output, List<String> words) throws IOException, InterruptedException {
        StringBuilder seen = new StringBuilder();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (!words.stream().allMatch(word -> seen.indexOf(word) >= 0)) {
            assertThat(System.nanoTime()).as("%s in %s", words, seen).isLessThan(end);
            if (output.available() > 0) {
                seen.append(new String(output.readNBytes(output.available()), StandardCharsets.UTF_8));
            } else {
                Thread.sleep(20);
            }
        }
    }

    private List<String> commands() {
        return List.copyOf(command.getSubcommands().keySet());
    }

    private List<String> options(String name) {
        List<String> names = new ArrayList<>();
        for (OptionSpec option : CommandFacts.options(
                Objects.requireNonNull(command.getSubcommands().get(name)))) {
            names.add(option.longestName());
        }
        return names;
    }

    static String run(String input, String... argv) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        type(process, input);
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }
}
