package stunnel.manual;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.DiagnosticPage;

/** stunnel(1): the command, as it describes itself. */
final class CommandPage {
    private static final int WIDE = 2000;

    private final Roff page;
    private final CommandLine command;

    CommandPage(CommandLine command, String origin) {
        this.command = command;
        this.page = new Roff("stunnel", 1, origin);
    }

    String text() {
        CommandSpec spec = command.getCommandSpec();
        page.section("Name").line("stunnel - " + sentence(spec.usageMessage().description()[0]));
        page.section("Synopsis");
        for (CommandLine subcommand : command.getSubcommands().values()) {
            page.paragraph("`" + synopsis(subcommand) + "`");
        }
        page.section("Description")
                .paragraph(String.join(" ", spec.usageMessage().description()))
                .paragraph("Packages call the command `slurm-stunnel`.");
        options(spec);
        page.section("Commands");
        for (CommandLine subcommand : command.getSubcommands().values()) {
            describe(subcommand.getCommandSpec());
        }
        page.section("Exit status")
                .item("0", "Nothing is wrong.")
                .item("1", "Something is wrong with what was looked at.")
                .item("2", "The command was asked for wrongly, or could not look.");
        page.section("Environment")
                .item(
                        "COLUMNS",
                        "How wide text is laid out. Without it, what goes to a terminal is as wide as that;"
                                + " in a file or a pipe lines are as long as what they say.")
                .item("NO_COLOR", "With any value no colours are used; nor are they where the output is no terminal.")
                .item("TERM", "With `dumb` no colours are used.");
        diagnostics();
        page.section("See also")
                .line("`stunnel.conf`(5), `slurm-spank-stunnel`(8), `ssh`(1), `srun`(1), `sbatch`(1), `salloc`(1)");
        return page.toString();
    }

    private static String sentence(String description) {
        return description.endsWith(".") ? description.substring(0, description.length() - 1) : description;
    }

    private static String synopsis(CommandLine subcommand) {
        subcommand.setUsageHelpWidth(WIDE);
        return new CommandLine.Help(
                        subcommand.getCommandSpec(), CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .synopsis(0)
                .strip();
    }

    private void describe(CommandSpec spec) {
        page.subsection("stunnel " + spec.name());
        page.paragraph(String.join(" ", spec.usageMessage().description()));
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            page.item(parameter.paramLabel(), String.join(" ", parameter.description()));
        }
        options(spec);
        List<String> footer = new ArrayList<>(List.of(spec.usageMessage().footer()));
        footer.removeIf(String::isBlank);
        for (String line : footer) {
            page.paragraph(line.strip());
        }
    }

    private void options(CommandSpec spec) {
        for (OptionSpec option : spec.options()) {
            String label = option.arity().max() == 0 ? "" : " " + option.paramLabel();
            page.item(String.join(", ", option.names()) + label, String.join(" ", option.description()));
        }
    }

    private void diagnostics() {
        page.section("Diagnostics").paragraph("`stunnel validate --explain ID` says more about each, with an example.");
        for (DiagnosticId id : DiagnosticId.values()) {
            DiagnosticPage diagnostic = DiagnosticPage.of(id);
            page.item(id.text(), id.severity().text() + ": " + diagnostic.message() + ". " + diagnostic.reason());
        }
    }
}
