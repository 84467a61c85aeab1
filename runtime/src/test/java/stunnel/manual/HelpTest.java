package stunnel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import stunnel.cli.StunnelCommand;

/** {@code --help} of each command: a screen of 80 columns and 24 lines has room for it. */
class HelpTest {
    @Test
    void fitsAScreenAndHasExamples() {
        CommandLine command = StunnelCommand.commandLine();
        assertThatItFits(command);
        for (CommandLine subcommand : command.getSubcommands().values()) {
            assertThatItFits(subcommand);
            assertThat(subcommand.getUsageMessage(Ansi.OFF)).contains("Example");
        }
    }

    private static void assertThatItFits(CommandLine command) {
        List<String> lines = command.getUsageMessage(Ansi.OFF).lines().toList();
        assertThat(lines).as(command.getCommandName()).hasSizeLessThan(24);
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }
}
