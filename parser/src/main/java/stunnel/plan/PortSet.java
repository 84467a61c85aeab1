package stunnel.plan;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** Some of the ports that there are. */
public final class PortSet {
    /** Every port. */
    public static final PortSet ALL = range(1, Ports.LAST);

    /** No port. */
    public static final PortSet NONE = new PortSet(new BitSet());

    /** Those that any user may listen on. */
    public static final PortSet UNPRIVILEGED = range(1024, Ports.LAST);

    private static final int LONGEST_PORT = 5;

    private final BitSet ports;

    private PortSet(BitSet ports) {
        this.ports = ports;
    }

    private static PortSet range(int first, int last) {
        BitSet ports = new BitSet();
        ports.set(first, last + 1);
        return new PortSet(ports);
    }

    /** The ports that the words say, such as {@code 8888} and {@code 9000-9099}; empty if a word is neither. */
    public static Optional<PortSet> of(List<String> words) {
        BitSet ports = new BitSet();
        for (String word : words) {
            int dash = word.indexOf('-');
            int first = port(dash < 0 ? word : word.substring(0, dash));
            int last = dash < 0 ? first : port(word.substring(dash + 1));
            if (first == 0 || last < first) {
                return Optional.empty();
            }
            ports.set(first, last + 1);
        }
        return Optional.of(new PortSet(ports));
    }

    /** 0 for what is no port. */
    private static int port(String text) {
        int port = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9' || text.length() > LONGEST_PORT) {
                return 0;
            }
            port = 10 * port + c - '0';
        }
        return port <= Ports.LAST ? port : 0;
    }

    /** Whether a port is one of them. */
    public boolean contains(int port) {
        return ports.get(port);
    }

    /** Whether each port of another set is one of them. */
    public boolean containsAll(PortSet other) {
        BitSet rest = (BitSet) other.ports.clone();
        rest.andNot(ports);
        return rest.isEmpty();
    }

    /** Those that are in both sets. */
    public PortSet and(PortSet other) {
        BitSet both = (BitSet) ports.clone();
        both.and(other.ports);
        return new PortSet(both);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return ports.isEmpty();
    }

    /** In ascending order. */
    public int[] toArray() {
        int[] array = new int[ports.cardinality()];
        int next = 0;
        for (int i = 0; i < array.length; i++) {
            next = ports.nextSetBit(next);
            array[i] = next++;
        }
        return array;
    }

    /** For example {@code 8888, 9000-9099}. */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (int first = ports.nextSetBit(0); first >= 0; ) {
            int end = ports.nextClearBit(first);
            text.append(text.length() == 0 ? "" : ", ").append(first);
            if (end > first + 1) {
                text.append('-').append(end - 1);
            }
            first = ports.nextSetBit(end);
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PortSet set && ports.equals(set.ports);
    }

    @Override
    public int hashCode() {
        return ports.hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
