package stunnel.dsl;

import java.util.Optional;
import stunnel.plan.Direction;

/**
 * One forward of a tunnel.
 *
 * @param name what the job's environment calls it
 * @param direction where it listens
 * @param bind the address that it listens on
 * @param listen what it listens on
 * @param target what it leads to; empty if and only if each SOCKS client names its own
 */
public record Forwarding(
        Optional<String> name, Direction direction, Optional<String> bind, Listen listen, Optional<Target> target) {

    /** The same forward with a name for the job's environment. */
    public Forwarding named(String newName) {
        return new Forwarding(Optional.of(newName), direction, bind, listen, target);
    }
}
