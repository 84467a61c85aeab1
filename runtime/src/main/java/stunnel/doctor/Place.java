package stunnel.doctor;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the doctor is.
 *
 * @param prefix of the installation
 * @param uid of the caller
 * @param host the name of this one
 * @param conf the settings file to look at instead of the site's, if one was named
 */
public record Place(Path prefix, int uid, String host, Optional<Path> conf) {
    Path library() {
        return prefix.resolve("lib/slurm-spank-stunnel.so");
    }

    Path jars() {
        return prefix.resolve("lib/java");
    }

    Path program(String name) {
        return prefix.resolve("libexec").resolve(name);
    }
}
