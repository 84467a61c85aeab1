package stunnel.lint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the plugins that plugstack.conf names. */
final class Plugins {
    private static final String LIBRARIES = "lib";

    private final Root root;
    private final List<String> folders;
    private final Map<String, Optional<Path>> found = new HashMap<>();

    Plugins(Root root, SlurmConf conf) {
        this.root = root;
        this.folders = conf.pluginFolders();
    }

    /** The plugin's file, if there is one; each name is looked for once. */
    Optional<Path> find(String written) {
        Optional<Path> file = found.get(written);
        if (file == null) {
            file = search(written);
            found.put(written, file);
        }
        return file;
    }

    private Optional<Path> search(String written) {
        for (String folder : written.startsWith("/") ? List.of("/") : folders) {
            Optional<Path> path = root.resolve(root.at(folder), written);
            if (path.isPresent() && Files.isRegularFile(path.get())) {
                return path;
            }
        }
        return Optional.empty();
    }

    /** Whether it is this plugin, by its own name or by that of the file that a link leads to. */
    static boolean isOurs(String written, Optional<Path> file) {
        String name = written.substring(written.lastIndexOf('/') + 1);
        return isOurs(name)
                || (file.isPresent() && isOurs(String.valueOf(real(file.get()).getFileName())));
    }

    private static boolean isOurs(String name) {
        return name.contains("stunnel") && name.endsWith(".so");
    }

    /** The installation that a plugin belongs to: it lies in its {@code lib}. */
    static Optional<Path> prefix(Path file) {
        Path folder = real(file).getParent();
        return folder != null && folder.endsWith(LIBRARIES)
                ? Optional.ofNullable(folder.getParent())
                : Optional.empty();
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file;
        }
    }
}
