package stunnel.config;

/** One redirection of helpertask_args; {@code &>f} is two of them. */
public sealed interface Redirection {

    /** The descriptor that is redirected: 0, 1 or 2. */
    int fd();

    /**
     * {@code <f}.
     *
     * @param path absolute, with the tokens of {@link ControlSettings#dir}
     */
    record Read(int fd, String path) implements Redirection {}

    /**
     * {@code >f}: created where it is missing, emptied where it is there.
     *
     * @param path absolute, with the tokens of {@link ControlSettings#dir}
     */
    record Write(int fd, String path) implements Redirection {}

    /**
     * {@code >>f}: created where it is missing.
     *
     * @param path absolute, with the tokens of {@link ControlSettings#dir}
     */
    record Append(int fd, String path) implements Redirection {}

    /**
     * {@code 2>&1}.
     *
     * @param sourceFd what {@code fd} becomes a copy of
     */
    record Duplicate(int fd, int sourceFd) implements Redirection {}
}
