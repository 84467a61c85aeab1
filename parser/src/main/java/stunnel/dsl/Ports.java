package stunnel.dsl;

/**
 * One port, or several in a row.
 *
 * @param first the lowest
 * @param last the highest
 */
public record Ports(int first, int last) implements PortListen, PortTarget {
    @Override
    public String text() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }
}
