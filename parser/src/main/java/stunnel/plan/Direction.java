package stunnel.plan;

/** Where a forward listens, in the letters of ssh(1). */
public enum Direction {
    /** {@code -L}: on the host that runs ssh. */
    LOCAL('L'),
    /** {@code -R}: on the host that ssh connects to. */
    REMOTE('R'),
    /** {@code -D}: on the host that runs ssh, which speaks SOCKS there. */
    DYNAMIC('D');

    private final char letter;

    Direction(char letter) {
        this.letter = letter;
    }

    /** The letter of ssh's option. */
    public char letter() {
        return letter;
    }
}
