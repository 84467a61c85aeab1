package stunnel.config.hocon;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;

/**
 * Reads a settings file and the files that it includes. Typesafe Config by itself would also fetch URLs, look into jars,
 * ignore what is missing, and follow a cycle 50 times.
 */
final class Inclusions implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
    /** Two lines in each of a chain of files would read the last one as often as there are atoms. */
    private static final int MOST = 32;

    /** Each may double the length of a value, and the time to resolve them grows with their square. */
    private static final int MOST_REFERENCES = 16;

    private static final ConfigObject NOTHING = ConfigFactory.empty().root();
    private static final String STATEMENT =
            "include\\s*+(?:required\\s*+\\(\\s*+)?+(?:(?:file|url|classpath)\\s*+\\(\\s*+)?+";
    private static final String OR_SKIPPED = "|(?:#|//)[^\n]*+|\"[^\"\n]*+\"?";

    private final ConfigParseOptions options;
    private final Places places;
    private final Deque<OpenFile> open = new ArrayDeque<>();
    private final List<Path> files = new ArrayList<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private int count;
    private int references;

    Inclusions(ConfigParseOptions options, Places places) {
        this.options = options.setIncluder(this);
        this.places = places;
    }

    /** A file that is being read; Typesafe Config tells of its include lines in order, and not where they stand. */
    private static final class OpenFile {
        private final Path path;
        private final Source source;
        private int end;

        OpenFile(Path path, Source source) {
            this.path = path;
            this.source = source;
        }

        /** Where the name is included next; the start of the file if it is written with escapes. */
        Span next(String name) {
            Matcher token = Pattern.compile(STATEMENT + "(\"" + Pattern.quote(name) + "\")" + OR_SKIPPED)
                    .matcher(source.text());
            while (token.find(end)) {
                end = token.end();
                if (token.group(1) != null) {
                    return new Span(token.start(1), token.end(1));
                }
            }
            end = source.text().length();
            return new Span(0, 0);
        }
    }

    /** The values of a file, named by its path, and of what it includes. */
    ConfigObject read(Source source) {
        open.push(new OpenFile(Path.of(source.name()), source));
        try {
            int excess = excessiveReference(source.text());
            if (excess >= 0) {
                String why = "there are more than " + MOST_REFERENCES + " references to settings";
                return refused(DiagnosticId.CONF_SYNTAX, new Span(excess, excess + 2), why);
            }
            return ConfigFactory.parseString(source.text(), options.setOriginDescription(source.name()))
                    .root();
        } finally {
            open.pop();
        }
    }

    /** Where one setting is made of another, {@code ${ssh.args}} or {@code +=}, once too often; -1 if nowhere. */
    private int excessiveReference(String text) {
        for (int at = 0; at < text.length(); at++) {
            references += text.startsWith("${", at) || text.startsWith("+=", at) ? 1 : 0;
            if (references > MOST_REFERENCES) {
                return at;
            }
        }
        return -1;
    }

    /** The files that were included, absolute, in order. */
    List<Path> files() {
        return files;
    }

    /** What cannot be included. */
    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
        return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String name) {
        return included(name, !name.contains("://"));
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File file) {
        return included(file.getPath(), true);
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL url) {
        return included(url.toString(), false);
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String name) {
        return included(name, false);
    }

    private ConfigObject included(String name, boolean isFile) {
        count++;
        if (count > MOST + 1) {
            return NOTHING;
        }
        Span span = open.element().next(name);
        if (count > MOST) {
            return unreadable(span, name, "there are " + MOST + " include lines before this one");
        }
        if (!isFile) {
            return refused(DiagnosticId.CONF_INCLUDE_NO_FILE, span, name);
        }
        try {
            return file(open.element().path.resolveSibling(name), span);
        } catch (InvalidPathException e) {
            return unreadable(span, name, e.getReason());
        }
    }

    private ConfigObject file(Path path, Span span) {
        List<String> chain = chain(path);
        if (!chain.isEmpty()) {
            return refused(DiagnosticId.CONF_INCLUDE_CYCLE, span, path.toString(), String.join(" > ", chain));
        }
        try {
            Source source = SettingsText.read(path);
            files.add(path.toAbsolutePath());
            places.add(source);
            return read(source);
        } catch (IOException e) {
            return unreadable(span, path.toString(), SettingsText.reason(e));
        }
    }

    /** The names of the files from this one to the one that is being read, and this one again; nothing if it is not open. */
    private List<String> chain(Path path) {
        List<String> chain = new ArrayList<>();
        for (OpenFile file : open) {
            chain.add(0, String.valueOf(file.path.getFileName()));
            if (real(file.path).equals(real(path))) {
                chain.add(String.valueOf(path.getFileName()));
                return chain;
            }
        }
        return List.of();
    }

    /** The path that tells a file from any other. */
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }

    private ConfigObject unreadable(Span span, String name, String reason) {
        return refused(DiagnosticId.CONF_UNREADABLE, span, name, reason);
    }

    private ConfigObject refused(DiagnosticId id, Span span, String... arguments) {
        diagnostics.add(Diagnostic.of(id, open.element().source, span, arguments));
        return NOTHING;
    }
}
