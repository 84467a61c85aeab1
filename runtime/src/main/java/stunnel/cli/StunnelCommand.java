package stunnel.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import stunnel.runtime.OwnCommand;

/** The command itself, which is nothing without a subcommand. */
@Command(
        name = "stunnel",
        description = "SSH tunnels of Slurm jobs: what srun, sbatch and salloc do with --tunnel.",
        subcommands = {
            PlanCommand.class,
            ValidateCommand.class,
            ListCommand.class,
            OpenCommand.class,
            CloseCommand.class,
            SshConfigCommand.class,
            DoctorCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Version.class)
public final class StunnelCommand {
    /** Picocli's own bound. */
    private static final int NARROWEST_HELP = 55;

    private static final int WIDEST_HELP = 80;

    @Option(names = "--help", usageHelp = true, description = "Show this text.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean version;

    /** Exits with 0, with 1 after an error in what was looked at, with 2 after one in how it was asked for. */
    public static void main(String[] args) {
        System.setOut(stream(FileDescriptor.out));
        System.setErr(stream(FileDescriptor.err));
        int status = onTerminal(commandLine()).execute(args);
        System.out.flush();
        System.err.flush();
        System.exit(status);
    }

    /** The command with all its subcommands, also for whoever only describes them. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new StunnelCommand());
        commandLine.setCommandName(OwnCommand.NAME);
        commandLine.setExpandAtFiles(false);
        commandLine.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        // Its SPEC may begin with a dash; everywhere else what looks like an option is one, or an error.
        Objects.requireNonNull(commandLine.getSubcommands().get("plan")).setUnmatchedOptionsArePositionalParams(true);
        return commandLine;
    }

    /** Its help and errors laid out for who reads them: by itself picocli takes 80 columns, and one stream for the other. */
    private static CommandLine onTerminal(CommandLine commandLine) {
        int columns = Terminal.OUTPUT.width().columns();
        if (columns > 0) {
            commandLine.setUsageHelpWidth(Math.max(NARROWEST_HELP, Math.min(columns, WIDEST_HELP)));
        }
        commandLine.setColorScheme(colours(Terminal.OUTPUT));
        commandLine.setParameterExceptionHandler(StunnelCommand::reportUse);
        commandLine.setExecutionExceptionHandler(StunnelCommand::report);
        return commandLine;
    }

    private static ColorScheme colours(Terminal terminal) {
        return Help.defaultColorScheme(terminal.takesColours() ? Ansi.ON : Ansi.OFF);
    }

    private static int report(Exception thrown, CommandLine commandLine, CommandLine.ParseResult arguments) {
        Terminal.tell(OwnCommand.NAME + ": " + thrown.getMessage());
        return commandLine.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int reportUse(ParameterException thrown, String[] arguments) {
        CommandLine commandLine = thrown.getCommandLine();
        Terminal.tell(String.valueOf(thrown.getMessage()));
        if (!UnmatchedArgumentException.printSuggestions(thrown, commandLine.getErr())) {
            commandLine.usage(commandLine.getErr(), colours(Terminal.ERROR));
        }
        return commandLine.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** In UTF-8, whatever the locale; buffered, for a plan may have a thousand lines. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)), false, StandardCharsets.UTF_8);
    }
}
