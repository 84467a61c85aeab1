package stunnel.plan;

/**
 * What the administrator of a site leaves to its users.
 *
 * @param autoPorts where {@code auto} takes the ports of L and D from; some
 */
public record Policy(PortSet autoPorts) {
    public Policy {
        if (autoPorts.isEmpty()) {
            throw new IllegalArgumentException("auto needs a port");
        }
    }
}
