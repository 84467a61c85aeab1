package stunnel.lint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the plugins that plugstack.conf names. */
final class Plugins {
    private static final String LIBRARIES = "lib";

    private final Root root;
    private final List<String> folders;

    Plugins(Root root, SlurmConf conf) {
        this.root = root;
        this.folders = conf.pluginFolders();
    }

    /** The plugin's file, if there is one. */
    Optional<Path> find(String written) {
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
