package stunnel.dsl;

/**
 * A unix socket.
 *
 * @param text its path, which begins with a slash
 */
public record Socket(String text) implements Listen, Target {
    public Socket {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("not the whole path of a socket: " + text);
        }
    }
}
