package stunnel.dsl;

/**
 * A listener and its address.
 *
 * @param bind the address
 * @param listen the listener
 */
public record Bound(String bind, PortListen listen) {}
