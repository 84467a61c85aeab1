package stunnel.config.hocon;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import stunnel.config.hocon.HoconValue.Kind;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;

/** Reads HOCON with Typesafe Config, which looks at no environment and no system property on this way. */
final class HoconReader {
    private static final ConfigParseOptions OPTIONS =
            ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF);

    /** Each may have something wrong with it. */
    private static final int MOST_VALUES = 2_000;

    private final Source defaults;
    private final Optional<Source> site;
    private final Places places;
    private final Inclusions inclusions;
    private final List<HoconValue> values = new ArrayList<>();
    private int room = MOST_VALUES;
    private List<Diagnostic> excess = List.of();

    HoconReader(Source defaults, Optional<Source> site) {
        this.defaults = defaults;
        this.site = site;
        this.places = new Places(defaults, site);
        this.inclusions = new Inclusions(OPTIONS, places);
    }

    HoconFile read() {
        try {
            ConfigObject root = inclusions.read(defaults);
            if (site.isPresent()) {
                root = inclusions.read(site.get()).withFallback(root);
            }
            if (inclusions.diagnostics().isEmpty()) {
                flatten(
                        "",
                        root.toConfig().resolve(ConfigResolveOptions.noSystem()).root());
            }
            return file(excess.isEmpty() ? inclusions.diagnostics() : excess);
        } catch (ConfigException e) {
            return file(List.of(diagnostic(e)));
        } catch (StackOverflowError e) {
            // Typesafe Config reads recursively, and has no bound of its own.
            String why = "its sections, lists or references are nested too deeply";
            Source source = site.orElse(defaults);
            return file(List.of(Diagnostic.of(DiagnosticId.CONF_SYNTAX, source, new Span(0, 0), why)));
        }
    }

    private HoconFile file(List<Diagnostic> diagnostics) {
        return new HoconFile(diagnostics.isEmpty() ? values : List.of(), inclusions.files(), diagnostics);
    }

    private Diagnostic diagnostic(ConfigException e) {
        Place place = places.of(e.origin(), "");
        return Diagnostic.of(DiagnosticId.CONF_SYNTAX, place.source(), place.value(), Wording.of(e));
    }

    private void flatten(String prefix, ConfigObject object) {
        // Sorted, since an object has no order of its own.
        for (Map.Entry<String, ConfigValue> entry : new TreeMap<>(object).entrySet()) {
            String path = prefix + entry.getKey();
            ConfigValue value = entry.getValue();
            Place place = places.of(value.origin(), entry.getKey());
            room -= value instanceof ConfigList list ? 1 + list.size() : 1;
            if (room < 0) {
                String why = "there are more than 2,000 settings and elements of lists";
                excess = List.of(Diagnostic.of(DiagnosticId.CONF_SYNTAX, place.source(), place.key(), why));
                return;
            }
            values.add(
                    new HoconValue(path, kind(value), words(value, place), place.source(), place.key(), place.value()));
            if (value instanceof ConfigObject section) {
                flatten(path + ".", section);
            }
        }
    }

    private static Kind kind(ConfigValue value) {
        return switch (value.valueType()) {
            case STRING -> Kind.TEXT;
            case NUMBER -> Kind.NUMBER;
            case BOOLEAN -> Kind.FLAG;
            case OBJECT -> Kind.SECTION;
            case LIST -> isListOfScalars((ConfigList) value) ? Kind.LIST : Kind.OTHER;
            case NULL -> Kind.OTHER;
        };
    }

    private static boolean isListOfScalars(ConfigList list) {
        for (ConfigValue element : list) {
            if (!isScalar(element.valueType())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isScalar(ConfigValueType type) {
        return type == ConfigValueType.STRING || type == ConfigValueType.NUMBER || type == ConfigValueType.BOOLEAN;
    }

    private List<Word> words(ConfigValue value, Place place) {
        List<Word> words = new ArrayList<>();
        if (value instanceof ConfigList list && isListOfScalars(list)) {
            for (ConfigValue element : list) {
                String text = String.valueOf(element.unwrapped());
                words.add(new Word(text, places.ofElement(element.origin(), text, place)));
            }
        } else if (isScalar(value.valueType())) {
            words.add(new Word(String.valueOf(value.unwrapped()), place.value()));
        }
        return words;
    }
}
