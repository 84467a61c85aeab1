package stunnel.parser;

import java.util.Optional;
import stunnel.parser.syntax.ForwardSyntax;
import stunnel.plan.Destination;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;

/**
 * What one forward of the text says: one forward of the plan, or a range of them.
 *
 * @param syntax as it was written
 * @param sound whether nothing is wrong with it; else only what it listens on can be asked for
 * @param target equal in length to {@code listen}; ignored in a dynamic forward
 */
record ForwardRange(
        ForwardSyntax syntax, boolean sound, Direction direction, Host bind, End listen, Host host, End target) {

    int size() {
        return listen.isRange() ? listen.ports().orElseThrow().size() : 1;
    }

    /** The forward at an index of the range. */
    Forward forward(int index) {
        Optional<String> name =
                syntax.name().isPresent() ? Optional.of(syntax.name().get().text()) : Optional.empty();
        return new Forward(name, direction, listener(index), destination(index));
    }

    /** What the forward at an index listens on. */
    Listener listener(int index) {
        if (listen.path().isPresent()) {
            return new Listener.UnixSocket(listen.path().get());
        }
        return listen.ports().isPresent()
                ? new Listener.Tcp(bind, listen.ports().get().first() + index)
                : new Listener.Auto(bind);
    }

    private Destination destination(int index) {
        if (direction == Direction.DYNAMIC) {
            return new Destination.Socks();
        }
        return target.path().isPresent()
                ? new Destination.UnixSocket(target.path().get())
                : new Destination.Tcp(host, target.ports().orElseThrow().first() + index);
    }
}
