package stunnel.lint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

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
        for (String line : text.split("\n", -1)) {
            String plain = line.strip();
            int equals = plain.indexOf('=');
            if (equals > 0
                    && plain.substring(0, equals)
                            .strip()
                            .toLowerCase(Locale.ROOT)
                            .equals(key.toLowerCase(Locale.ROOT))) {
                String value = plain.substring(equals + 1).strip();
                return Optional.of(value.split("[\\s#]", -1)[0]);
            }
        }
        return Optional.empty();
    }
}
