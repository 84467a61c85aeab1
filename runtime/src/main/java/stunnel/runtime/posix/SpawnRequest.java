package stunnel.runtime.posix;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A program to start, without a shell: in a session of its own, with no signal blocked or ignored, the environment and the
 * working directory of this process, the variables that are named besides, and only the descriptors that are.
 *
 * @param argv the program, looked up in PATH if it has no slash, and its arguments
 * @param descriptors the new process's descriptors, each with the descriptor of this process it is a copy of; a source is never
 *     below {@link Posix#SPARE_DESCRIPTOR}
 * @param variables {@code NAME=VALUE}, of names that the environment does not have
 */
public record SpawnRequest(List<String> argv, Map<Integer, Integer> descriptors, List<String> variables) {
    public SpawnRequest {
        argv = List.copyOf(argv);
        variables = List.copyOf(variables);
        descriptors = new TreeMap<>(descriptors);
        for (Integer source : descriptors.values()) {
            if (source < Posix.SPARE_DESCRIPTOR) {
                throw new IllegalArgumentException("descriptor " + source + " could be a target as well");
            }
        }
    }

    public SpawnRequest(List<String> argv, Map<Integer, Integer> descriptors) {
        this(argv, descriptors, List.of());
    }
}
