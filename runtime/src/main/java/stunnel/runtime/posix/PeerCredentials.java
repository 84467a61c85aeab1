package stunnel.runtime.posix;

/**
 * Who listens behind a Unix socket, SO_PEERCRED of unix(7).
 *
 * @param pid the process that called listen(2); of a daemon the one it was before it forked
 * @param uid its effective user
 */
public record PeerCredentials(int pid, int uid) {}
