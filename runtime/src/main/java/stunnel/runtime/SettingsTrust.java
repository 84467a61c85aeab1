package stunnel.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.config.SettingsCompilation;

/**
 * Who could have written the settings, which decide what every user's tunnel runs: they, and each directory and link on the way to
 * them, must belong to root and be writable by nobody else. The keeper looks at the programs in the same way (trust.c).
 *
 * @param owner the one user besides root whose files are as good
 */
public record SettingsTrust(int owner) {
    private static final int ROOT = 0;
    private static final int OTHERS_WRITE = 022;
    private static final int STICKY = 01000;
    private static final int PERMISSIONS = 07777;
    private static final int KIND = 0170000;
    private static final int DIRECTORY = 0040000;
    private static final int LINK = 0120000;

    /** As many as the kernel follows: path_resolution(7). */
    private static final int MOST_LINKS = 40;

    /** A private installation, whose programs belong to the user, may have settings of that user too. */
    public static SettingsTrust of(Path prefix, int uid) {
        Optional<Entry> programs = Entry.at(prefix.resolve("libexec"));
        return new SettingsTrust(programs.isPresent() && programs.get().uid() == uid ? uid : ROOT);
    }

    /** Owner and st_mode of an entry, as inode(7) has them. */
    private record Entry(int uid, int mode) {
        /** Empty if there is none that this process may look at; then it was not read either. */
        static Optional<Entry> at(Path path) {
            try {
                return Optional.of(new Entry(attribute(path, "unix:uid"), attribute(path, "unix:mode")));
            } catch (IOException e) {
                return Optional.empty();
            }
        }

        private static int attribute(Path path, String name) throws IOException {
            Object value = Files.getAttribute(path, name, LinkOption.NOFOLLOW_LINKS);
            if (value instanceof Integer number) {
                return number;
            }
            throw new IllegalStateException(name + " is no number");
        }

        boolean isLink() {
            return (mode & KIND) == LINK;
        }

        /** In a directory with the sticky bit nobody replaces what another user has there. */
        boolean isWritableByOthers() {
            boolean protects = (mode & KIND) == DIRECTORY && (mode & STICKY) != 0;
            return (mode & OTHERS_WRITE) != 0 && !protects && !isLink();
        }
    }

    /** What the user reads; empty if the files are as they must be. */
    public Optional<String> objection(SettingsCompilation settings) {
        List<Path> files = new ArrayList<>(settings.included());
        if (settings.siteFile().isPresent()) {
            files.add(settings.siteFile().get());
        }
        for (Path file : files) {
            Optional<String> objection = objection(file);
            if (objection.isPresent()) {
                return Optional.of("error: the settings in " + file + " are not used: " + objection.get());
            }
        }
        return Optional.empty();
    }

    private Optional<String> objection(Path file) {
        Path walked = file.getRoot();
        List<Path> rest = names(file);
        int links = 0;
        Optional<String> objection = objection(walked, Entry.at(walked));
        while (objection.isEmpty() && !rest.isEmpty()) {
            Path path = walked.resolve(rest.remove(0)).normalize();
            Optional<Entry> entry = Entry.at(path);
            objection = objection(path, entry);
            if (entry.isPresent() && entry.get().isLink()) {
                links++;
                Path target = links > MOST_LINKS ? Path.of("") : target(path);
                rest.addAll(0, names(target));
                walked = target.isAbsolute() ? target.getRoot() : walked;
            } else {
                walked = path;
            }
        }
        return objection;
    }

    private static List<Path> names(Path path) {
        List<Path> names = new ArrayList<>();
        for (Path name : path) {
            names.add(name);
        }
        return names;
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException gone) {
            return Path.of("");
        }
    }

    private Optional<String> objection(Path path, Optional<Entry> found) {
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Entry entry = found.get();
        String why = " and only root may be able to change the settings\n  next: ask the administrator to run ";
        if (entry.uid() != ROOT && entry.uid() != owner) {
            return Optional.of(path + " belongs to uid " + entry.uid() + "," + why + "`chown root` on it\n");
        }
        if (entry.isWritableByOthers()) {
            String mode = Integer.toOctalString(entry.mode() & PERMISSIONS);
            return Optional.of(path + " can be written by others than its owner (mode 0" + mode + ")," + why
                    + "`chmod go-w` on it\n");
        }
        return Optional.empty();
    }
}
