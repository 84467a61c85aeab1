package stunnel.plan;

import java.util.Optional;

/** The command whose user typed {@code --tunnel}; it decides which process opens the tunnel. */
public enum Origin {
    /** Opened by that srun, on its own host, towards the first node of its step. */
    SRUN("srun", Direction.LOCAL),
    /** Opened by the batch step, on the batch host, towards the submit host. */
    SBATCH("sbatch", Direction.REMOTE),
    /** Opened by the node that starts the task, towards the submit host. */
    SALLOC("salloc", Direction.REMOTE);

    private final String text;
    private final Direction defaultDirection;

    Origin(String text, Direction defaultDirection) {
        this.text = text;
        this.defaultDirection = defaultDirection;
    }

    /** The command of that name, in lower case as it is typed; empty for any other word. */
    public static Optional<Origin> of(String command) {
        for (Origin origin : values()) {
            if (origin.text.equals(command)) {
                return Optional.of(origin);
            }
        }
        return Optional.empty();
    }

    /** The command's name as it is typed. */
    public String text() {
        return text;
    }

    /** The direction of a forward that names none. */
    public Direction defaultDirection() {
        return defaultDirection;
    }
}
