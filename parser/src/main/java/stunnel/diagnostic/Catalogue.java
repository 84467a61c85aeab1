package stunnel.diagnostic;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/** The wordings of all diagnostics, read when the first one is worded: a text without mistakes does not pay for them. */
final class Catalogue {
    private static final String FILE = "catalogue.properties";
    /** The most characters that an argument brings into a message; a value may have 65,536. */
    private static final int LONGEST_ARGUMENT = 120;

    private static final Properties TEMPLATES = read();

    private Catalogue() {}

    /** A template whose {@code {0}}, {@code {1}}… are filled. */
    static String filled(String key, List<String> arguments) {
        String template = Objects.requireNonNull(TEMPLATES.getProperty(key), key);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            boolean argument = c == '{' && template.startsWith("}", i + 2) && Character.isDigit(template.charAt(i + 1));
            if (argument) {
                String value = arguments.get(template.charAt(i + 1) - '0');
                text.append(Printable.shortened(value, LONGEST_ARGUMENT));
                i += 2;
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static Properties read() {
        Properties templates = new Properties();
        try (InputStream bytes = Objects.requireNonNull(Catalogue.class.getResourceAsStream(FILE), FILE);
                Reader characters = new InputStreamReader(bytes, StandardCharsets.UTF_8)) {
            templates.load(characters);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
        return templates;
    }
}
