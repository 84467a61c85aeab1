package stunnel.dsl;

import java.util.Optional;
import stunnel.plan.Direction;

/**
 * A forward that lacks its destination, and so is none yet.
 *
 * @param direction where it listens
 * @param bind the address that it listens on
 * @param listen what it listens on
 * @param <T> what it can lead to
 */
public record Opening<T extends Target>(Direction direction, Optional<String> bind, Listen listen) {

    /** The forward to a destination. */
    public Forwarding to(T target) {
        return new Forwarding(Optional.empty(), direction, bind, listen, Optional.of(target));
    }
}
