package stunnel.runtime.posix;

/**
 * The two ends of a pipe.
 *
 * @param reading the descriptor that is read from
 * @param writing the descriptor that is written to
 */
public record Pipe(int reading, int writing) {}
