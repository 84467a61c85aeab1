package stunnel.manual;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The completion of the command for fish. */
final class FishCompletion {
    private FishCompletion() {}

    static String of(CommandLine command) {
        StringBuilder text = new StringBuilder("# Made by the tests of the runtime; see CONTRIBUTING.md.\n");
        text.append("complete -c stunnel -f\n");
        for (CommandLine subcommand : command.getSubcommands().values()) {
            String name = subcommand.getCommandName();
            text.append("complete -c stunnel -n __fish_use_subcommand -a ")
                    .append(name)
                    .append(described(subcommand.getCommandSpec().usageMessage().description()));
            String where = "complete -c stunnel -n '__fish_seen_subcommand_from " + name + "'";
            if (CommandFacts.takesFiles(subcommand)) {
                text.append(where).append(" -F\n");
            }
            for (OptionSpec option : CommandFacts.options(subcommand)) {
                text.append(where).append(" -l ").append(option.longestName().substring(2));
                text.append(value(option)).append(described(option.description()));
            }
        }
        return text.toString();
    }

    private static String value(OptionSpec option) {
        Optional<List<String>> choices = CommandFacts.choices(option);
        if (!CommandFacts.takesValue(option)) {
            return "";
        }
        if (CommandFacts.isFile(option)) {
            return " -r -F";
        }
        return choices.isPresent() ? " -x -a '" + String.join(" ", choices.get()) + "'" : " -x";
    }

    private static String described(String[] description) {
        String words = CommandFacts.sentence(description).replace("\\", "\\\\").replace("'", "\\'");
        return " -d '" + words + "'\n";
    }
}
