package stunnel.lint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What slurm.conf says about plugins. */
final class SlurmConf {
    /** Where packages put plugins, for a slurm.conf that does not say. */
    private static final List<String> USUAL_FOLDERS = List.of(
            "/usr/lib/x86_64-linux-gnu/slurm-wlm",
            "/usr/lib/aarch64-linux-gnu/slurm-wlm",
            "/usr/lib/x86_64-linux-gnu/slurm",
            "/usr/lib/aarch64-linux-gnu/slurm",
            "/usr/lib64/slurm",
            "/usr/lib/slurm",
            "/usr/local/lib/slurm");

    /** As Slurm's parse_config.c has them: any number in a line, and the last one of a key counts. */
    private static final Pattern ENTRY =
            Pattern.compile("\\G\\s*+(?<key>[\\w.]++)\\s*+=\\s*+(?:\"(?<quoted>[^\"]*+)\"|(?<plain>\\S++))(?=\\s|$)");

    private static final Pattern COMMENT = Pattern.compile("(?<!\\\\)#.*");

    private final String text;

    private SlurmConf(String text) {
        this.text = text;
    }

    /** The file, or nothing in its place. */
    static SlurmConf of(Path path) {
        try {
            return new SlurmConf(TextFile.read(path).text());
        } catch (IOException e) {
            return new SlurmConf("");
        }
    }

    /** The folders that a plugin without a slash in front is looked for in. */
    List<String> pluginFolders() {
        List<String> folders = new ArrayList<>();
        for (String folder : value("PluginDir").orElse("").split(":", -1)) {
            if (folder.startsWith("/")) {
                folders.add(folder);
            }
        }
        return folders.isEmpty() ? USUAL_FOLDERS : folders;
    }

    /** Whether it says so itself. */
    boolean namesPluginFolders() {
        return value("PluginDir").isPresent();
    }

    /** Whether it was there, and no other file is a part of it. */
    boolean isWhole() {
        return !text.isEmpty()
                && text.lines()
                        .noneMatch(line -> line.strip().toLowerCase(Locale.ROOT).matches("include\\s.*"));
    }

    /** The plugstack.conf that is named. */
    Optional<String> plugstack() {
        return value("PlugStackConfig");
    }

    private Optional<String> value(String key) {
        Optional<String> value = Optional.empty();
        for (String line : text.replace("\\\n", "").split("\n", -1)) {
            Matcher entry = ENTRY.matcher(COMMENT.matcher(line).replaceFirst(""));
            while (entry.find()) {
                if (key.equalsIgnoreCase(entry.group("key"))) {
                    value = Optional.ofNullable(entry.group("quoted")).or(() -> Optional.of(entry.group("plain")));
                }
            }
        }
        return value;
    }
}
