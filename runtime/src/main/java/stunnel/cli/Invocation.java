package stunnel.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import stunnel.doctor.SlurmJob;

/** What every command has: a help text, and a way to say that it was asked for wrongly. */
final class Invocation {
    @Option(names = "--help", usageHelp = true, description = "Show this text.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    /** Refuses what names neither a job nor a tunnel. */
    void checkTunnel(String wanted) {
        if (!SlurmJob.isId(wanted) && !SlurmJob.isStep(wanted)) {
            throw wrong(wanted + " is not JOBID or JOBID.STEP");
        }
    }

    /** To be thrown: the message, how to ask, and exit status 2. */
    ParameterException wrong(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
