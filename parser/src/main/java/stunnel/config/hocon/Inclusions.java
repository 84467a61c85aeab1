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
import java.util.Optional;
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

    private static final ConfigObject NOTHING = ConfigFactory.empty().root();

    private final ConfigParseOptions options;
    private final Places places;
    private final Bounds bounds = new Bounds();
    private final Deque<OpenFile> open = new ArrayDeque<>();
    private final List<Path> files = new ArrayList<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private int count;

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
            String text = source.text();
            String quoted = '"' + name + '"';
            boolean including = false;
            while (end < text.length()) {
                int start = end;
                if (text.charAt(start) == '#' || text.startsWith("//", start)) {
                    end = after("\n", start);
                } else if (text.charAt(start) == '"') {
                    end = after("\"", start + 1);
                    if (including && text.startsWith(quoted, start)) {
                        return new Span(start, start + quoted.length());
                    }
                    including = false;
                } else {
                    including |= text.startsWith("include", start);
                    end++;
                }
            }
            return new Span(0, 0);
        }

        private int after(String mark, int from) {
            int at = source.text().indexOf(mark, from);
            return at < 0 ? source.text().length() : at + 1;
        }
    }

    /** The values of a file, named by its path, and of what it includes. */
    ConfigObject read(Source source) {
        open.push(new OpenFile(Path.of(source.name()), source));
        try {
            Optional<Diagnostic> exceeded = bounds.exceeded(source);
            if (exceeded.isPresent()) {
                diagnostics.add(exceeded.get());
                return NOTHING;
            }
            return ConfigFactory.parseString(source.text(), options.setOriginDescription(source.name()))
                    .root();
        } finally {
            open.pop();
        }
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
