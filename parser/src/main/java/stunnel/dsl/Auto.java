package stunnel.dsl;

/** A free port, chosen where it is bound and told to the job. */
public record Auto() implements PortListen {
    @Override
    public String text() {
        return "auto";
    }
}
