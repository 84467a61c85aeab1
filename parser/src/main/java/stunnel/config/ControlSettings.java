package stunnel.config;

/**
 * Where a tunnel keeps its files.
 *
 * @param dir the parent of {@code stunnel-<uid>-<random>/}: absolute; {@code %u}, {@code %j} and {@code %h} stand for
 *     the job's user (uid), the job and the host
 */
public record ControlSettings(String dir) {}
