package stunnel.runtime.ssh;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.config.SshSettings;

/**
 * What makes logins fast on this machine, as {@code libexec/stunnel-tune} found it when it was run last: nothing if the site wants
 * none, or if ssh or its configuration has changed since.
 *
 * @param options of ssh_config(5): the key exchange and the cipher
 * @param library to preload into the ssh that logs in: it sends small packets at once (nodelay.c)
 */
public record SshTuning(List<String> options, Optional<String> library) {
    /** ssh with its own choice. */
    public static final SshTuning NONE = new SshTuning(List.of(), Optional.empty());

    private static final String OPTION = "option ";
    private static final String PRELOAD = "preload ";
    private static final String[] SEARCHED = {"/usr/local/bin/", "/usr/bin/", "/bin/"};

    public SshTuning {
        options = List.copyOf(options);
    }

    /** What holds for the ssh of the settings, and the installation under the prefix. */
    public static SshTuning of(SshSettings ssh, Path prefix) {
        Path file = prefix.resolve("lib/java/ssh.options");
        if (!ssh.tuned() || !Files.isReadable(file)) {
            return NONE;
        }
        try {
            return of(path(ssh.command().get(0)), Files.readAllLines(file));
        } catch (IOException e) {
            return NONE; // it is about speed alone
        }
    }

    private static SshTuning of(String program, List<String> lines) {
        List<String> options = new ArrayList<>();
        Optional<String> library = Optional.empty();
        boolean known = false;
        for (String line : lines) {
            if (line.startsWith(OPTION)) {
                options.add(line.substring(OPTION.length()));
            } else if (line.startsWith(PRELOAD)) {
                library = Optional.of(line.substring(PRELOAD.length()));
            } else if (!line.equals(facts(line))) {
                return NONE;
            } else {
                known |= line.startsWith("file " + program + " ");
            }
        }
        return known ? new SshTuning(options, library) : NONE;
    }

    /** Of {@code file PATH SIZE TIME}: the same with size and time as they are now. */
    private static String facts(String line) {
        int start = line.indexOf(' ') + 1;
        File file = new File(line.substring(start, Math.max(start, line.indexOf(' ', start))));
        return "file " + file.getPath() + " " + file.length() + " " + file.lastModified() / 1000;
    }

    /** Where the keeper's PATH leads. */
    private static String path(String program) {
        for (String directory : SEARCHED) {
            if (program.indexOf('/') < 0 && new File(directory + program).canExecute()) {
                return directory + program;
            }
        }
        return program;
    }
}
