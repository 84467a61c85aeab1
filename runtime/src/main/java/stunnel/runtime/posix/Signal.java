package stunnel.runtime.posix;

/** The signals that the runtime sends, with their numbers of signal(7). */
public enum Signal {
    /** Asks whether the process exists; nothing is delivered. */
    NONE(0),
    KILL(9),
    USR1(10),
    TERM(15);

    private final int number;

    Signal(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
