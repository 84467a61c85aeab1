package stunnel.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.config.hocon.HoconFile;
import stunnel.config.hocon.HoconValue;
import stunnel.parser.syntax.Word;

/** Keeps what the settings of an installation say, for {@link SettingsImage}; {@code libexec/stunnel-tune} runs it. */
public final class SettingsImageWriter {
    /** The clocks of file systems are coarse: what changes twice within this time may look the same. */
    private static final long TICK_MS = 2_000;

    private final Optional<Path> site;
    private final List<String> lines = new ArrayList<>();
    private long changed;

    private SettingsImageWriter(Optional<Path> site) {
        this.site = site;
    }

    /** Arguments: the installation's prefix, and the jars that the settings depend on. */
    public static void main(String[] args) throws IOException, InterruptedException {
        Path prefix = Path.of(args[0]);
        List<Path> programs = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            programs.add(Path.of(args[i]));
        }
        Optional<String> obstacle = write(prefix, SettingsCompiler.places(prefix), programs);
        if (obstacle.isPresent()) {
            System.err.println("stunnel-tune: the settings are parsed at each start: " + obstacle.get());
        }
    }

    /** Keeps those in the first of the places that is there, or nothing; why not. */
    static Optional<String> write(Path prefix, List<Path> places, List<Path> programs)
            throws IOException, InterruptedException {
        Optional<ConfPath> conf = SiteFile.find(Optional.empty(), places);
        Optional<Path> site = conf.isPresent() ? Optional.of(conf.get().path()) : Optional.empty();
        Path image = SettingsImage.place(prefix);
        Files.deleteIfExists(image);
        for (int turn = 0; turn < 2; turn++) {
            long begin = System.currentTimeMillis();
            SettingsImageWriter writer = new SettingsImageWriter(site);
            Optional<String> obstacle = writer.collect(programs);
            if (obstacle.isPresent()) {
                return obstacle;
            }
            if (writer.changed + TICK_MS < begin) {
                Path draft = Files.write(image.resolveSibling("settings.new"), writer.lines);
                Files.move(draft, image, StandardCopyOption.ATOMIC_MOVE);
                return Optional.empty();
            }
            Thread.sleep(TICK_MS);
        }
        return Optional.of("they are changing");
    }

    private Optional<String> collect(List<Path> programs) throws IOException {
        Optional<HoconFile> file = SettingsCompiler.sound(site);
        if (file.isEmpty()) {
            return Optional.of("they have an error or a warning");
        }
        for (Path program : programs) {
            lines.add(SettingsImage.stamped(SettingsImage.PROGRAM, program));
        }
        List<Path> files = new ArrayList<>(file.get().included());
        if (site.isPresent()) {
            lines.add(stamped(SettingsImage.SITE, site.get()));
            files.add(site.get());
        }
        for (Path included : file.get().included()) {
            lines.add(stamped(SettingsImage.INCLUDED, included));
        }
        for (Path path : files) {
            if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_READ)) {
                return Optional.of(path + " is not for everyone to read");
            }
        }
        for (HoconValue value : file.get().values()) {
            lines.add(value.kind().name() + " " + value.path());
            for (Word word : value.words()) {
                lines.add(" " + word.text());
            }
        }
        lines.add(SettingsImage.END);
        for (String line : lines) {
            if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
                return Optional.of("a value has more than one line");
            }
        }
        return Optional.empty();
    }

    private String stamped(String key, Path file) throws IOException {
        changed = Math.max(changed, ((FileTime) Files.getAttribute(file, "unix:ctime")).toMillis());
        return SettingsImage.stamped(key, file);
    }
}
