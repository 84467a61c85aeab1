package stunnel.runtime.posix;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A program to start, without a shell: in a session of its own, with no signal blocked or ignored, the environment and the
 * working directory of this process, and only the descriptors that are named.
 *
 * @param argv the program, looked up in PATH if it has no slash, and its arguments
 * @param descriptors the new process's descriptors, each with the descriptor of this process it is a copy of; a source is never
 *     below {@link Posix#SPARE_DESCRIPTOR}
 */
public record SpawnRequest(List<String> argv, Map<Integer, Integer> descriptors) {
    public SpawnRequest {
        argv = List.copyOf(argv);
        descriptors = new TreeMap<>(descriptors);
        for (Integer source : descriptors.values()) {
            if (source < Posix.SPARE_DESCRIPTOR) {
                throw new IllegalArgumentException("descriptor " + source + " could be a target as well");
            }
        }
    }
}
