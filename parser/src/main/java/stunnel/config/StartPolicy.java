package stunnel.config;

/** What becomes of a job whose tunnel does not come up. */
public enum StartPolicy {
    /** The step does not start. */
    REQUIRE("require"),
    /** The user is told, and the step starts. */
    WARN("warn");

    private final String text;

    StartPolicy(String text) {
        this.text = text;
    }

    /** The constant that a word of stunnel.conf names; require for any other word. */
    static StartPolicy of(String word) {
        for (StartPolicy constant : values()) {
            if (constant.text.equals(word)) {
                return constant;
            }
        }
        return REQUIRE;
    }

    /** The word in stunnel.conf. */
    public String text() {
        return text;
    }
}
