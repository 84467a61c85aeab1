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
import picocli.CommandLine.Option;
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
        int status = commandLine().execute(args);
        System.out.flush();
        System.err.flush();
        System.exit(status);
    }

    /** The command with all its subcommands, also for whoever only describes them. */
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new StunnelCommand());
        commandLine.setCommandName(OwnCommand.NAME);
        commandLine.setExpandAtFiles(false);
        commandLine.setExecutionExceptionHandler(StunnelCommand::report);
        commandLine.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        // Its SPEC may begin with a dash; everywhere else what looks like an option is one, or an error.
        Objects.requireNonNull(commandLine.getSubcommands().get("plan")).setUnmatchedOptionsArePositionalParams(true);
        return commandLine;
    }

    private static int report(Exception thrown, CommandLine commandLine, CommandLine.ParseResult arguments) {
        commandLine.getErr().println(OwnCommand.NAME + ": " + thrown.getMessage());
        return commandLine.getCommandSpec().exitCodeOnInvalidInput();
    }

    /** In UTF-8, whatever the locale; buffered, for a plan may have a thousand lines. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)), false, StandardCharsets.UTF_8);
    }
}
