package stunnel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import stunnel.cli.StunnelCommand;

/** {@code --help} of each command: a screen of 80 columns and 24 lines has room for it. */
class HelpTest {
    @ParameterizedTest
    @ValueSource(strings = {"stunnel", "slurm-stunnel"})
    void fitsAScreenAndHasExamplesThatCanBeTyped(String name) {
        CommandLine command = StunnelCommand.commandLine().setCommandName(name);
        assertThatItFits(command);
        for (CommandLine subcommand : command.getSubcommands().values()) {
            assertThatItFits(subcommand);
            String example = " " + name + " " + subcommand.getCommandName();
            assertThat(subcommand.getUsageMessage(Ansi.OFF))
                    .contains("Example")
                    .containsPattern("Example[^!]*" + example);
        }
    }

    private static void assertThatItFits(CommandLine command) {
        List<String> lines = command.getUsageMessage(Ansi.OFF).lines().toList();
        assertThat(lines).as(command.getCommandName()).hasSizeLessThan(24);
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }
}
