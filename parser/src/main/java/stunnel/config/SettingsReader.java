package stunnel.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stunnel.config.hocon.HoconValue;
import stunnel.config.hocon.HoconValue.Kind;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Suggestion;
import stunnel.parser.syntax.Word;
import stunnel.plan.PortSet;

/**
 * Takes typed values out of a settings file. What is wrong with one becomes a diagnostic, and something harmless is
 * returned: settings with an error are thrown away.
 */
final class SettingsReader {
    private static final String UNITS = "smh";
    private static final int[] SECONDS = {1, 60, 3600};
    private static final int MOST_DIGITS = 6;
    private static final int LONGEST_HOST = 200;

    private final Map<String, HoconValue> values;
    private final List<Diagnostic> diagnostics = new ArrayList<>();

    SettingsReader(Map<String, HoconValue> values) {
        this.values = new HashMap<>(values);
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    /** A list of words, of which some must be there. */
    List<String> command(String path, String example) {
        Optional<HoconValue> value = value(path, Kind.LIST, example);
        if (value.isPresent() && value.get().words().isEmpty()) {
            add(value.get(), DiagnosticId.SETTING_EMPTY, path, example);
        }
        List<String> words = texts(value);
        return words.isEmpty() ? List.of("ssh") : words;
    }

    /** A list of ssh's options. */
    List<String> options(String path, String example) {
        Optional<HoconValue> value = value(path, Kind.LIST, example);
        if (value.isPresent()) {
            Findings findings = new Findings(value.get().source());
            SshOptions.check(value.get().words(), findings);
            diagnostics.addAll(findings.inOrder());
        }
        return texts(value);
    }

    /** A time in whole seconds; the bounds too. */
    Duration duration(String path, int least, int most) {
        Optional<HoconValue> value = value(path);
        if (value.isEmpty()) {
            return Duration.ZERO;
        }
        String text = text(value.get());
        if (value.get().kind() == Kind.NUMBER) {
            add(value.get(), DiagnosticId.SETTING_UNIT, text, text + "s");
            return Duration.ZERO;
        }
        Optional<Integer> seconds = seconds(text);
        if (seconds.isEmpty()) {
            add(value.get(), DiagnosticId.SETTING_TYPE, path, "not a time in whole seconds", path + " = 10s");
            return Duration.ZERO;
        }
        checkBounds(value.get(), seconds.get(), least, most, "s");
        return Duration.ofSeconds(seconds.get());
    }

    private static Optional<Integer> seconds(String text) {
        int unit = text.isEmpty() ? -1 : UNITS.indexOf(text.charAt(text.length() - 1));
        Optional<Integer> number = unit < 0
                ? Optional.empty()
                : number(text.substring(0, text.length() - 1).strip());
        return number.isEmpty() ? Optional.empty() : Optional.of(number.get() * SECONDS[unit]);
    }

    private static Optional<Integer> number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= MOST_DIGITS;
        for (int i = 0; i < text.length(); i++) {
            digits &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        return digits ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }

    /** A number without a unit. */
    int integer(String path, int least, int most) {
        Optional<HoconValue> value = value(path, Kind.NUMBER, path + " = " + Math.max(1, least));
        if (value.isEmpty()) {
            return least;
        }
        Optional<Integer> number = number(text(value.get()));
        if (number.isEmpty()) {
            add(value.get(), DiagnosticId.SETTING_OUT_OF_BOUNDS, path, text(value.get()), "" + least, "" + most);
            return least;
        }
        checkBounds(value.get(), number.get(), least, most, "");
        return number.get();
    }

    private void checkBounds(HoconValue value, int number, int least, int most, String unit) {
        if (number < least || number > most) {
            add(value, DiagnosticId.SETTING_OUT_OF_BOUNDS, value.path(), number + unit, least + unit, most + unit);
        }
    }

    /** One of several words. */
    String choice(String path, List<String> choices) {
        Optional<HoconValue> value = value(path);
        String text = value.isPresent() ? text(value.get()) : "";
        if (value.isPresent() && !choices.contains(text)) {
            add(value.get(), DiagnosticId.SETTING_CHOICE, text, path, Suggestion.hint(text, choices));
        }
        return text;
    }

    /** The elements of a list, some. */
    List<Word> words(String path, String example) {
        Optional<HoconValue> value = value(path, Kind.LIST, example);
        if (value.isPresent() && value.get().words().isEmpty()) {
            add(value.get(), DiagnosticId.SETTING_EMPTY, path, example);
        }
        return value.isPresent() ? value.get().words() : List.of();
    }

    /** Says what is wrong with one of them. */
    void addWrongElement(String path, Word word, String flaw, String example) {
        HoconValue list = values.get(path);
        if (list != null) {
            diagnostics.add(Diagnostic.of(
                    DiagnosticId.SETTING_TYPE,
                    list.source(),
                    word.span(),
                    '"' + word.text() + "\" in " + path,
                    flaw,
                    example));
        }
    }

    /** Ports and ranges of ports, some. */
    PortSet ports(String path, String example) {
        Optional<HoconValue> value = value(path, Kind.LIST, example);
        PortSet ports = portsOrNone(path, example);
        if (value.isPresent() && ports.isEmpty()) {
            add(value.get(), DiagnosticId.SETTING_EMPTY, path, example);
        }
        return ports.isEmpty() ? PortSet.ALL : ports;
    }

    /** Ports and ranges of ports; an empty list is none. */
    PortSet portsOrNone(String path, String example) {
        Optional<HoconValue> value = value(path, Kind.LIST, example);
        Optional<PortSet> ports = value.isPresent() ? PortSet.of(texts(value)) : Optional.of(PortSet.ALL);
        if (ports.isEmpty()) {
            add(value.get(), DiagnosticId.SETTING_TYPE, path, "not a list of ports and ranges of ports", example);
        }
        return ports.orElse(PortSet.ALL);
    }

    /** True or false. */
    boolean flag(String path) {
        Optional<HoconValue> value = value(path, Kind.FLAG, path + " = true");
        return value.isPresent() && text(value.get()).equals("true");
    }

    /** The name of a host, in which {@code %h} stands for the name that it has for itself; or an empty text. */
    Optional<String> host(String path, String example) {
        Optional<HoconValue> value = value(path, Kind.TEXT, example);
        if (value.isEmpty() || text(value.get()).isEmpty()) {
            return Optional.empty();
        }
        String text = text(value.get());
        if (text.length() > LONGEST_HOST || !text.replace("%h", "h").matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            add(value.get(), DiagnosticId.SETTING_TYPE, path, "not the name of a host", example);
        }
        return Optional.of(text);
    }

    /** An absolute path with tokens. */
    String path(String path, int longest, String example) {
        String text = optionalPath(path, longest, example).orElse("");
        Optional<HoconValue> value = value(path);
        if (text.isEmpty() && value.isPresent() && value.get().kind() == Kind.TEXT) {
            add(value.get(), DiagnosticId.SETTING_EMPTY, path, example);
        }
        return text;
    }

    /** An absolute path with tokens, or an empty text. */
    Optional<String> optionalPath(String path, int longest, String example) {
        Optional<HoconValue> value = value(path, Kind.TEXT, example);
        if (value.isEmpty() || text(value.get()).isEmpty()) {
            return Optional.empty();
        }
        Word word = value.get().words().get(0);
        Findings findings = new Findings(value.get().source());
        PathTemplate.check(word, findings);
        diagnostics.addAll(findings.inOrder());
        if (word.text().length() > longest) {
            String length = word.text().length() + " characters long";
            add(value.get(), DiagnosticId.SETTING_OUT_OF_BOUNDS, path, length, "1", longest + " characters");
        }
        return Optional.of(word.text());
    }

    /** The value of a path, whatever it is but a list or a section; empty if that was reported. */
    private Optional<HoconValue> value(String path) {
        Optional<HoconValue> value = Optional.ofNullable(values.get(path));
        if (value.isPresent() && value.get().words().size() != 1) {
            return value(path, Kind.TEXT, path + " = VALUE");
        }
        return value;
    }

    private Optional<HoconValue> value(String path, Kind kind, String example) {
        HoconValue value = values.get(path);
        if (value == null) {
            return Optional.empty();
        }
        if (value.kind() != kind) {
            add(value, DiagnosticId.SETTING_TYPE, path, value.kind().text(), example);
            values.remove(path);
            return Optional.empty();
        }
        return Optional.of(value);
    }

    private void add(HoconValue value, DiagnosticId id, String... arguments) {
        diagnostics.add(Diagnostic.of(id, value.source(), value.value(), arguments));
    }

    private static String text(HoconValue value) {
        return value.words().get(0).text();
    }

    private static List<String> texts(Optional<HoconValue> value) {
        List<String> texts = new ArrayList<>();
        if (value.isPresent()) {
            for (Word word : value.get().words()) {
                texts.add(word.text());
            }
        }
        return List.copyOf(texts);
    }
}
