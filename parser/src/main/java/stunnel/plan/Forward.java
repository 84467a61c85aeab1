package stunnel.plan;

import java.util.Optional;

/**
 * One forwarding of an ssh session.
 *
 * @param name what the job's environment calls it, as it was typed
 * @param direction where it listens
 * @param listener what is connected to
 * @param destination what is reached; {@link Destination.Socks} if and only if the direction is dynamic
 */
public record Forward(Optional<String> name, Direction direction, Listener listener, Destination destination) {
    public Forward {
        if (name.isPresent() && !isName(name.get())) {
            throw new IllegalArgumentException("not a name: " + name.get());
        }
        if (direction == Direction.DYNAMIC != destination instanceof Destination.Socks) {
            throw new IllegalArgumentException("SOCKS is the destination of a dynamic forward, and of no other");
        }
        if (direction == Direction.DYNAMIC && listener instanceof Listener.UnixSocket) {
            throw new IllegalArgumentException("a dynamic forward listens on a port");
        }
        if (destination instanceof Destination.UnixSocket && hasOtherBind(listener)) {
            throw new IllegalArgumentException("a forward to a unix socket is bound to the loopback address");
        }
    }

    private static boolean isName(String text) {
        boolean name = !text.isEmpty() && Ascii.isLetter(text.charAt(0));
        for (int i = 0; i < text.length(); i++) {
            name &= Ascii.isLetterOrDigit(text.charAt(i)) || text.charAt(i) == '_';
        }
        return name;
    }

    private static boolean hasOtherBind(Listener listener) {
        return (listener instanceof Listener.Tcp tcp && !tcp.bind().isLoopback())
                || (listener instanceof Listener.Auto auto && !auto.bind().isLoopback());
    }
}
