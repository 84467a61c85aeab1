package stunnel.manual;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The completion of the command for zsh. */
final class ZshCompletion {
    private ZshCompletion() {}

    static String of(CommandLine command) {
        StringBuilder text = new StringBuilder("#compdef stunnel\n");
        text.append("# Made by the tests of the runtime; see CONTRIBUTING.md.\n\n");
        text.append("local -a commands\ncommands=(\n");
        for (CommandLine subcommand : command.getSubcommands().values()) {
            String[] description = subcommand.getCommandSpec().usageMessage().description();
            text.append("    ").append(quoted(subcommand.getCommandName() + ":" + CommandFacts.sentence(description)));
            text.append('\n');
        }
        text.append(")\nif ((CURRENT == 2)); then\n    _describe command commands\n    return\nfi\n");
        text.append("local name=$words[2]\nshift words\n((CURRENT--))\ncase $name in\n");
        for (CommandLine subcommand : command.getSubcommands().values()) {
            text.append("    ").append(subcommand.getCommandName()).append(")\n        _arguments");
            for (OptionSpec option : CommandFacts.options(subcommand)) {
                text.append(" \\\n            ").append(quoted(specification(option)));
            }
            text.append(" \\\n            '*: :").append(CommandFacts.takesFiles(subcommand) ? "_files" : "");
            text.append("'\n        ;;\n");
        }
        return text.append("esac\n").toString();
    }

    private static String specification(OptionSpec option) {
        String sentence = CommandFacts.sentence(option.description())
                .replace("[", "\\[")
                .replace("]", "\\]")
                .replace(":", "\\:");
        String explained = "[" + sentence + "]";
        if (!CommandFacts.takesValue(option)) {
            return option.longestName() + explained;
        }
        Optional<List<String>> choices = CommandFacts.choices(option);
        String values = choices.map(known -> "(" + String.join(" ", known) + ")")
                .orElse(CommandFacts.isFile(option) ? "_files" : " ");
        String repeated = option.arity().max() > 1 || option.isMultiValue() ? "*" : "";
        return repeated + option.longestName() + "=" + explained + ":"
                + option.paramLabel().replace(":", " ") + ":" + values;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
