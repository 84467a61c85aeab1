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

    /** Where dlopen(3) looks for a name in the end, whatever the environment says. */
    private static final List<String> LINKER_FOLDERS = List.of(
            "/lib",
            "/usr/lib",
            "/lib64",
            "/usr/lib64",
            "/lib/x86_64-linux-gnu",
            "/usr/lib/x86_64-linux-gnu",
            "/lib/aarch64-linux-gnu",
            "/usr/lib/aarch64-linux-gnu");

    private final Root root;
    private final List<String> folders;
    private final boolean foldersKnown;
    private final Map<String, Optional<Path>> found = new HashMap<>();

    Plugins(Root root, SlurmConf conf) {
        this.root = root;
        this.folders = conf.pluginFolders();
        this.foldersKnown = conf.namesPluginFolders()
                || (conf.isWhole() && folders.stream().anyMatch(folder -> Files.isDirectory(root.at(folder))));
    }

    /** The plugin's file, if there is one; each name is looked for once. */
    Optional<Path> find(String written) {
        Optional<Path> file = found.get(written);
        if (file == null) {
            file = search(written, written.startsWith("/") ? List.of("/") : folders);
            found.put(written, file);
        }
        return file;
    }

    /** Whether a name that was not found is found by nobody: not by ld.so either, whose cache holds libraries alone. */
    boolean isNowhere(String written) {
        boolean cached = written.startsWith(LIBRARIES);
        return foldersKnown && !cached && search(written, LINKER_FOLDERS).isEmpty();
    }

    private Optional<Path> search(String written, List<String> folders) {
        for (String folder : folders) {
            Optional<Path> path = root.resolve(root.path(), folder).flatMap(at -> root.resolve(at, written));
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
