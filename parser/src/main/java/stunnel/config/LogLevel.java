package stunnel.config;

/** How much is logged; each level includes the ones before it. */
public enum LogLevel {
    /** Nothing. */
    OFF("off"),
    /** What failed. */
    ERROR("error"),
    /** And what was opened and closed. */
    INFO("info"),
    /** And every command with its arguments. */
    DEBUG("debug");

    private final String text;

    LogLevel(String text) {
        this.text = text;
    }

    /** The constant that a word of stunnel.conf names; off for any other word. */
    static LogLevel of(String word) {
        for (LogLevel constant : values()) {
            if (constant.text.equals(word)) {
                return constant;
            }
        }
        return OFF;
    }

    /** The word in stunnel.conf. */
    public String text() {
        return text;
    }
}
