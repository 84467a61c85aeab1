package stunnel.runtime.ssh;

import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import stunnel.plan.PortSet;

/** Ports that may be free, none of them twice: in random order, so that those who ask at one moment ask for different ones. */
final class FreePorts {
    private final int[] ports;
    private final Set<Integer> taken;
    private final Random random;
    private int used;

    /** From a range, but for those that are known to be taken. */
    FreePorts(PortSet range, Set<Integer> taken, Random random) {
        this.ports = range.toArray();
        this.taken = taken;
        this.random = random;
    }

    /** The next one; empty when there is no other. */
    OptionalInt next() {
        while (used < ports.length) {
            int drawn = used + random.nextInt(ports.length - used);
            int port = ports[drawn];
            ports[drawn] = ports[used];
            ports[used] = port;
            used++;
            if (!taken.contains(port)) {
                return OptionalInt.of(port);
            }
        }
        return OptionalInt.empty();
    }
}
