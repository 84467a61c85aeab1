package stunnel.diagnostic;

/** Whether a text can be used in spite of a diagnostic. */
public enum Severity {
    /** Nothing is compiled. */
    ERROR("error"),
    /** It compiles, and may not do what its writer thinks. */
    WARNING("warning");

    private final String text;

    Severity(String text) {
        this.text = text;
    }

    /** The word in front of a message. */
    public String text() {
        return text;
    }
}
