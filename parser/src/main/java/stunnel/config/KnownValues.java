package stunnel.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import stunnel.config.hocon.HoconValue;
import stunnel.config.hocon.HoconValue.Kind;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Suggestion;

/**
 * The values of a file whose paths there are.
 *
 * @param values by path
 * @param diagnostics one for each other path; what is in an unknown section counts once
 */
record KnownValues(Map<String, HoconValue> values, List<Diagnostic> diagnostics) {

    /** Compares with the defaults, whose paths are all that there are. */
    static KnownValues of(List<HoconValue> values, List<HoconValue> defaults) {
        Map<String, Boolean> sections = new HashMap<>();
        List<String> settings = new ArrayList<>();
        for (HoconValue value : defaults) {
            sections.put(value.path(), value.kind() == Kind.SECTION);
            if (value.kind() != Kind.SECTION) {
                settings.add(value.path());
            }
        }
        KnownValues known = new KnownValues(new HashMap<>(), new ArrayList<>());
        String refused = "";
        for (HoconValue value : values) {
            Boolean section = sections.get(value.path());
            if (section != null && section == (value.kind() == Kind.SECTION)) {
                known.values.put(value.path(), value);
            } else if (refused.isEmpty() || !value.path().startsWith(refused)) {
                refused = value.path() + ".";
                known.diagnostics.add(section == null ? unknown(value, settings) : wrongKind(value, section));
            }
        }
        return known;
    }

    private static Diagnostic unknown(HoconValue value, List<String> settings) {
        String section = value.path().substring(0, value.path().lastIndexOf('.') + 1);
        List<String> siblings = new ArrayList<>();
        for (String setting : settings) {
            int dot = setting.indexOf('.', section.length());
            String sibling = dot < 0 ? setting : setting.substring(0, dot);
            if (setting.startsWith(section) && !siblings.contains(sibling)) {
                siblings.add(sibling);
            }
        }
        String hint = Suggestion.hint(value.path(), siblings, settings);
        return Diagnostic.of(DiagnosticId.UNKNOWN_SETTING, value.source(), value.key(), value.path(), hint);
    }

    private static Diagnostic wrongKind(HoconValue value, boolean section) {
        String example = value.path() + (section ? " { KEY = VALUE }" : " = VALUE");
        return Diagnostic.of(
                DiagnosticId.SETTING_TYPE,
                value.source(),
                value.key(),
                value.path(),
                value.kind().text(),
                example);
    }
}
