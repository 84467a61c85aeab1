package stunnel.config.hocon;

import com.typesafe.config.ConfigOrigin;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;

/** Finds the column of a value, of which Typesafe Config remembers file and line. */
final class Places {
    private final Source site;
    private final Map<String, Source> sources = new HashMap<>();

    Places(Source defaults, Optional<Source> site) {
        this.site = site.orElse(defaults);
        add(defaults);
        add(this.site);
    }

    /** A further file that values can come from. */
    void add(Source source) {
        sources.put(source.name(), source);
    }

    /**
     * The place of a value.
     *
     * @param origin where Typesafe Config found it, if it knows
     * @param key the last key of its path, or nothing for the whole line
     */
    Place of(@Nullable ConfigOrigin origin, String key) {
        if (origin == null || origin.lineNumber() < 1) {
            Span start = new Span(0, 0);
            return new Place(site, start, start);
        }
        Source source = source(origin);
        Span line = trimmed(source, source.line(origin.lineNumber()));
        int at = key.isEmpty() ? -1 : keyIn(line.of(source.text()), key);
        if (at < 0) {
            return new Place(source, line, line);
        }
        Span found = new Span(line.start() + at, line.start() + at + key.length());
        return new Place(source, found, value(source, found, line));
    }

    /** The place of an element of a list; the list's where the element is written in another way than it reads. */
    Span ofElement(@Nullable ConfigOrigin origin, String element, Place list) {
        if (origin == null || origin.lineNumber() < 1 || element.isEmpty()) {
            return list.value();
        }
        Span line = list.source().line(origin.lineNumber());
        int at = keyIn(line.of(list.source().text()), element);
        return at < 0 ? list.value() : new Span(line.start() + at, line.start() + at + element.length());
    }

    /** Typesafe Config describes a place as NAME: LINE, or NAME: FIRST-LAST. */
    private Source source(ConfigOrigin origin) {
        String description = origin.description();
        int end = description.lastIndexOf(": ");
        Source source = sources.get(end < 0 ? description : description.substring(0, end));
        return source == null ? site : source;
    }

    private static Span trimmed(Source source, Span span) {
        int start = span.start();
        int end = span.end();
        while (end > start && Character.isWhitespace(source.text().charAt(end - 1))) {
            end--;
        }
        while (start < end && Character.isWhitespace(source.text().charAt(start))) {
            start++;
        }
        return new Span(start, end);
    }

    /** Where the key stands by itself, and not as a part of another word. */
    private static int keyIn(String line, String key) {
        int at = line.indexOf(key);
        while (at >= 0 && (isKeyAt(line, at - 1) || isKeyAt(line, at + key.length()))) {
            at = line.indexOf(key, at + 1);
        }
        return at;
    }

    private static boolean isKeyAt(String line, int at) {
        return at >= 0
                && at < line.length()
                && (Character.isLetterOrDigit(line.charAt(at)) || line.charAt(at) == '-' || line.charAt(at) == '_');
    }

    /** From behind the separator to the comment or the end of the line; the key where the value is on another line. */
    private static Span value(Source source, Span key, Span line) {
        String text = source.text();
        int start = key.end();
        while (start < line.end() && "\"=:+ \t".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        int end = start;
        boolean quoted = start > key.end() && text.charAt(start - 1) == '"' && text.charAt(key.end()) != '"';
        start -= quoted ? 1 : 0;
        String ends = start < line.end() && text.charAt(start) == '[' ? "#]" : "#,}";
        while (end < line.end() && (quoted || ends.indexOf(text.charAt(end)) < 0)) {
            quoted ^= text.charAt(end) == '"';
            end++;
        }
        end += end < line.end() && text.charAt(end) == ']' ? 1 : 0;
        Span value = trimmed(source, new Span(start, end));
        return value.length() == 0 ? key : value;
    }
}
