package stunnel.lint;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file system that absolute paths are about: the host's own, or the image of another one.
 *
 * @param path its root
 */
record Root(Path path) {

    /** Where a path of a file leads; empty if it has a character that no path has. */
    Optional<Path> resolve(Path folder, String written) {
        try {
            return Optional.of(written.startsWith("/") ? at(written) : folder.resolve(written));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Where an absolute path leads. */
    Path at(String absolute) {
        return path.resolve(Path.of("/").relativize(Path.of(absolute)));
    }
}
