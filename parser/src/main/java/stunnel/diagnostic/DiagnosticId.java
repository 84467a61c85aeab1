package stunnel.diagnostic;

import java.util.List;
import java.util.Locale;

/** Everything that can be found wrong; the wordings stand in {@code catalogue.properties}. */
public enum DiagnosticId {
    // The --tunnel value as a whole.
    SPEC_TOO_LONG,
    TOO_MANY_FORWARDS,

    // The shape of a forward.
    ANY_AS_DESTINATION,
    AUTO_AS_DESTINATION,
    AUTO_NEEDS_DESTINATION,
    AUTO_WITH_RANGE,
    BIND_WITH_SOCKET,
    BIND_WITHOUT_HOST,
    BLANK_CHARACTER,
    DYNAMIC_SOCKET,
    DYNAMIC_WITH_DESTINATION,
    EMPTY_FIELD,
    EMPTY_FORWARD,
    LOOK_ALIKE,
    LOWER_CASE_DIRECTION,
    MISPLACED_DASH,
    MISSING_PORT,
    NOT_A_FORWARD,
    RANGE_ALONE,
    SECOND_DIRECTION,
    SOCKET_NEEDS_DESTINATION,
    STRAY_EQUALS,
    TOO_MANY_FIELDS,
    UNBRACKETED_IPV6,
    UNCLOSED_BRACKET,
    UNEXPECTED_CHARACTER,

    // The fields of a forward.
    BAD_NAME,
    LEADING_ZERO,
    LONG_NAME(Severity.WARNING),
    NAMED_RANGE,
    NOT_A_HOST,
    NOT_A_PORT,
    NOT_A_RANGE,
    NOT_AN_IPV4_ADDRESS,
    NOT_AN_IPV6_ADDRESS,
    PATH_CHARACTER,
    PATH_TOO_LONG,
    PORT_OUT_OF_RANGE,
    PORT_ZERO,
    PRIVILEGED_PORT,
    RANGE_LENGTHS_DIFFER,
    RANGE_TO_SOCKET,
    RELATIVE_PATH,

    // Forwards side by side.
    DUPLICATE_AUTO,
    DUPLICATE_LISTENER,
    DUPLICATE_NAME,
    GATEWAY_PORTS(Severity.WARNING),

    // What the site's policy does not leave to users.
    POLICY_BIND,
    POLICY_DESTINATION,
    POLICY_DIRECTION,
    POLICY_FORWARDS,
    POLICY_LISTEN_PORT,
    POLICY_NO_TUNNELS,
    POLICY_SOCKETS_ONLY,

    // The options of the plugstack line.
    BAD_DESCRIPTOR,
    BAD_DUPLICATE,
    BLANK_IN_OPTION,
    CONTROL_CHARACTER,
    EMPTY_OPTION,
    OPTION_REPEATED,
    OPTION_WITHOUT_VALUE,
    QUOTED_BAR(Severity.WARNING),
    REDIRECTION_NOT_HERE,
    REDIRECTION_NOT_SEPARATED,
    REDIRECTION_WITHOUT_TARGET,
    SHELL_CONSTRUCT,
    TOO_MANY_WORDS,
    UNKNOWN_OPTION,
    UNSUPPORTED_REDIRECTION,
    UNTERMINATED_QUOTE,

    // What options and settings say.
    NOT_AN_OPTION_OF_SSH,
    PATH_NOT_ABSOLUTE,
    SHARED_LOG(Severity.WARNING),
    SSH_NOT_EXECUTABLE(Severity.WARNING),
    SSH_OPTION_REFUSED,
    SSH_OPTION_WITHOUT_VALUE,
    STRICT_HOST_KEY_CHECKING(Severity.WARNING),
    UNKNOWN_TOKEN,

    // The settings file.
    CONF_INCLUDE_CYCLE,
    CONF_INCLUDE_NO_FILE,
    CONF_SYNTAX,
    CONF_UNREADABLE,
    SETTING_CHOICE,
    SETTING_EMPTY,
    SETTING_OUT_OF_BOUNDS,
    SETTING_TYPE,
    SETTING_UNIT,
    UNKNOWN_SETTING,

    // The lines of plugstack.conf.
    CARRIAGE_RETURN,
    COMMENT_IN_WORD(Severity.WARNING),
    HOCON_IN_PLUGSTACK,
    INCLUDE_CYCLE,
    INCLUDE_EXTRA_WORD(Severity.WARNING),
    INCLUDE_UNREADABLE,
    INCLUDE_WITHOUT_FILE(Severity.WARNING),
    KEYWORD_ALONE,
    LINE_TOO_LONG,
    OPTIONAL_PLUGIN(Severity.WARNING),
    PLUGIN_MISSING,
    PLUGIN_SKIPPED(Severity.WARNING),
    PLUGIN_TWICE,
    QUOTED_BLANK,
    RELATIVE_PLUGIN(Severity.WARNING),
    TRAILING_BACKSLASH,
    UNKNOWN_KEYWORD,

    // The directives of job scripts.
    DIRECTIVE_EXTRA_WORD,
    DIRECTIVE_IGNORED(Severity.WARNING),
    DIRECTIVE_QUOTE,
    DIRECTIVE_WITHOUT_VALUE,
    SCRIPT_WITHOUT_INTERPRETER,
    TUNNEL_REPEATED(Severity.WARNING),
    WINDOWS_SCRIPT;

    private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');
    private final Severity severity;

    DiagnosticId() {
        this(Severity.ERROR);
    }

    DiagnosticId(Severity severity) {
        this.severity = severity;
    }

    /** The id as users see it, in kebab case; it never changes. */
    public String text() {
        return text;
    }

    /** The severity of each diagnostic of this id. */
    public Severity severity() {
        return severity;
    }

    /** What is wrong, with the arguments filled in. */
    String message(List<String> arguments) {
        return Catalogue.filled(text + ".message", arguments);
    }

    /** What to do about it, with the arguments filled in. */
    String hint(List<String> arguments) {
        return Catalogue.filled(text + ".hint", arguments);
    }

    /** Why it is wrong, or what would happen. */
    String reason() {
        return Catalogue.filled(text + ".reason", List.of());
    }
}
