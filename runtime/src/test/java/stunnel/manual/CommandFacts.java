package stunnel.manual;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** What the completions of all shells need to know of the commands. */
final class CommandFacts {
    private CommandFacts() {}

    /** What a command does, or an option means, in one sentence. */
    static String sentence(String[] description) {
        String words = String.join(" ", description);
        int end = words.indexOf(". ");
        return (end < 0 ? words : words.substring(0, end)).replaceAll("\\.$", "");
    }

    static List<OptionSpec> options(CommandLine command) {
        return new ArrayList<>(command.getCommandSpec().options());
    }

    static boolean takesValue(OptionSpec option) {
        return option.arity().max() > 0;
    }

    /** The values that there are; empty if anything can stand there. */
    static Optional<List<String>> choices(ArgSpec argument) {
        String label = argument.paramLabel();
        boolean chosen = label.contains("|") && label.equals(label.toLowerCase(Locale.ROOT));
        return chosen ? Optional.of(List.of(label.split("\\|", -1))) : Optional.empty();
    }

    static boolean isFile(ArgSpec argument) {
        return argument.paramLabel().equals("FILE");
    }

    static boolean takesFiles(CommandLine command) {
        for (PositionalParamSpec parameter : command.getCommandSpec().positionalParameters()) {
            if (isFile(parameter)) {
                return true;
            }
        }
        return false;
    }
}
