package stunnel.dsl;

/** A listener that is bound to an address: 127.0.0.1, if nobody says another. */
public sealed interface PortListen extends Listen permits Auto, Ports {

    /** The same listener on another address: a name, an IPv4 or IPv6 address, or {@code *} for every one. */
    default Bound on(String bind) {
        return new Bound(bind, this);
    }
}
