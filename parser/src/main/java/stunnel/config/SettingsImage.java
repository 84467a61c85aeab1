package stunnel.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import stunnel.config.hocon.HoconFile;
import stunnel.config.hocon.HoconValue;
import stunnel.config.hocon.HoconValue.Kind;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;

/**
 * The values of sound settings, kept by {@code libexec/stunnel-tune} so that no tunnel waits for their parser. They count while
 * all files that they were made of are the same; else those are parsed.
 *
 * <p>Lines: {@code program STAMP PATH}, the same for the {@code site}'s file and each one {@code included}, then {@code KIND
 * path} of each value, with its words, behind a blank, in lines of their own; and {@code end}.
 */
final class SettingsImage {
    static final String PROGRAM = "program";
    static final String SITE = "site";
    static final String INCLUDED = "included";
    static final String END = "end";

    private static final Source SOURCE = new Source(SITE, "");
    private static final Span NOWHERE = new Span(0, 0);

    private final List<String> lines;
    private final List<HoconValue> values = new ArrayList<>();
    private final List<Path> included = new ArrayList<>();
    private Optional<Path> site = Optional.empty();

    private SettingsImage(List<String> lines) {
        this.lines = lines;
    }

    /** Where an installation has it. */
    static Path place(Path prefix) {
        return prefix.resolve("lib/java/settings.image");
    }

    /**
     * The values, if they are still those of the files.
     *
     * @param site the settings file that would be parsed, if there is one
     */
    static Optional<HoconFile> read(Path prefix, Optional<Path> site) {
        Path place = place(prefix);
        try {
            if (Files.isReadable(place)) {
                SettingsImage image = new SettingsImage(Files.readAllLines(place));
                if (image.holds() && image.site.equals(site)) {
                    return Optional.of(new HoconFile(image.values, image.included, List.of()));
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // it is about speed alone
        }
        return Optional.empty();
    }

    /** Whether it is whole, and all files are as it says. */
    private boolean holds() throws IOException {
        int at = 0;
        while (at < lines.size()) {
            String line = lines.get(at++);
            int blank = line.indexOf(' ');
            if (blank < 0) {
                return line.equals(END) && at == lines.size();
            }
            String key = line.substring(0, blank);
            String path = line.substring(blank + 1);
            if (key.equals(PROGRAM) || key.equals(SITE) || key.equals(INCLUDED)) {
                Path file = Path.of(line.substring(line.indexOf(' ', blank + 1) + 1));
                if (!line.equals(stamped(key, file))) {
                    return false;
                }
                add(key, file);
            } else {
                List<Word> words = new ArrayList<>();
                while (at < lines.size() && lines.get(at).startsWith(" ")) {
                    words.add(new Word(lines.get(at++).substring(1), NOWHERE));
                }
                values.add(new HoconValue(path, Kind.valueOf(key), words, SOURCE, NOWHERE, NOWHERE));
            }
        }
        return false;
    }

    private void add(String key, Path file) {
        if (key.equals(SITE)) {
            site = Optional.of(file);
        } else if (key.equals(INCLUDED)) {
            included.add(file);
        }
    }

    /** The line of a file: the time of its last change, which nobody can set, is in it. */
    static String stamped(String key, Path file) throws IOException {
        Map<String, Object> facts = Files.readAttributes(file, "unix:ino,size,lastModifiedTime,ctime");
        return key + " " + facts.get("ino") + "," + facts.get("size") + "," + nanoseconds(facts.get("lastModifiedTime"))
                + "," + nanoseconds(facts.get("ctime")) + " " + file;
    }

    private static long nanoseconds(@Nullable Object time) throws IOException {
        if (time instanceof FileTime moment) {
            return moment.to(TimeUnit.NANOSECONDS);
        }
        throw new IOException("a file without times");
    }
}
