package stunnel.runtime;

/** The command of this installation, as messages name it for somebody to type. */
public final class OwnCommand {
    /** Packages put it into jvm.options: their command is slurm-stunnel, since stunnel is another program of the distribution. */
    public static final String NAME = System.getProperty("stunnel.command", "stunnel");

    private OwnCommand() {}

    /** With these arguments, in the quotes of a command in a sentence. */
    public static String quoted(String arguments) {
        return "`" + NAME + " " + arguments + "`";
    }
}
