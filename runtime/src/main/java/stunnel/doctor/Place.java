package stunnel.doctor;

import java.nio.file.Path;

/**
 * Where the doctor is.
 *
 * @param prefix of the installation
 * @param uid of the caller
 * @param host the name of this one
 */
public record Place(Path prefix, int uid, String host) {
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
