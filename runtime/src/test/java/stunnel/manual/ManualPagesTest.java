package stunnel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import stunnel.cli.StunnelCommand;
import stunnel.diagnostic.DiagnosticId;

class ManualPagesTest {
    private static final Path FOLDER = Path.of("..", "docs", "man");
    private static final String ORIGIN = "slurm-spank-stunnel";

    private final CommandLine command = StunnelCommand.commandLine();

    @Test
    void areThoseInDocs() throws IOException {
        Golden.expect(FOLDER.resolve("stunnel.1"), new CommandPage(command, ORIGIN).text());
        Golden.expect(FOLDER.resolve("stunnel.conf.5"), new SettingsPage(ORIGIN).text());
        Golden.expect(FOLDER.resolve("slurm-spank-stunnel.8"), new PluginPage(ORIGIN).text());
        Golden.seen();
    }

    @Test
    void nameEveryOptionAndDiagnostic() throws IOException {
        String page = page("stunnel.1");
        for (CommandLine subcommand : command.getSubcommands().values()) {
            assertThat(page).contains("stunnel " + subcommand.getCommandName());
            for (OptionSpec option : subcommand.getCommandSpec().options()) {
                assertThat(page).contains(List.of(option.names()));
            }
        }
        for (DiagnosticId id : DiagnosticId.values()) {
            assertThat(page).contains(id.text());
        }
    }

    @Test
    void nameEverySettingAndPlugstackOption() throws IOException {
        String page = page("stunnel.conf.5");
        for (String line : Files.readAllLines(Path.of("..", "parser/src/main/resources/reference.conf"))) {
            if (line.contains(" = ")) {
                assertThat(page).contains("\\fB" + line + "\\fR");
            }
        }
        assertThat(page("slurm-spank-stunnel.8"))
                .contains("ssh_cmd=", "ssh_args=", "helpertask_args=", "conf=")
                .contains(
                        "STUNNEL_COUNT",
                        "STUNNEL_<i>_LISTEN",
                        "STUNNEL_<i>_HOST",
                        "STUNNEL_<i>_TARGET",
                        "STUNNEL_<NAME>_LISTEN");
    }

    /** As the two formatters that there are read them. */
    @Test
    void areCleanForManAndMandoc() throws IOException, InterruptedException {
        for (String name : List.of("stunnel.1", "stunnel.conf.5", "slurm-spank-stunnel.8")) {
            String file = FOLDER.resolve(name).toString();
            assertThat(CompletionTest.run("", "mandoc", "-T", "lint", "-W", "warning", file))
                    .isEmpty();
            assertThat(CompletionTest.run("", "groff", "-man", "-Tutf8", "-ww", "-K", "utf8", "-z", file))
                    .isEmpty();
        }
    }

    /** Without what only a formatter needs. */
    private static String page(String name) throws IOException {
        return Files.readString(FOLDER.resolve(name)).replace("\\-", "-").replace("\\(ti", "~");
    }
}
