package stunnel.runtime;

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import stunnel.runtime.TunnelReport.Details;
import stunnel.runtime.TunnelReport.Status;
import stunnel.runtime.posix.FileAccess;
import stunnel.runtime.posix.FileStatus;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.PosixException;

/** The control directories of this host, and what stands in them. Everything in them is their users' own word. */
public final class TunnelDirectories {
    private static final Pattern NAME = Pattern.compile("stunnel-(\\d+)-[a-z2-7]{10}");
    private static final String STATE = "state";

    /** A keeper gives up on a tunnel that is not up by then. */
    private static final Duration OPENING = Duration.ofSeconds(90);

    private final Posix posix;
    private final String template;
    private final String host;

    /** Looks below the settings' control.dir, with its tokens. */
    public TunnelDirectories(Posix posix, String template, String host) {
        this.posix = posix;
        this.template = template;
        this.host = host;
    }

    /** The tunnels of one user, or of all users that this process may look at; those that came up first stand first. */
    public List<TunnelReport> reports(Optional<Integer> uid) throws IOException {
        List<TunnelReport> reports = new ArrayList<>();
        for (Path parent : parents(uid)) {
            for (Path directory : children(parent, NAME)) {
                Matcher name = NAME.matcher(directory.getFileName().toString());
                boolean wanted =
                        name.matches() && (uid.isEmpty() || name.group(1).equals(Integer.toUnsignedString(uid.get())));
                Optional<TunnelReport> report = wanted ? report(directory, name.group(1)) : Optional.empty();
                report.ifPresent(reports::add);
            }
        }
        reports.sort((one, two) -> since(one).compareTo(since(two)));
        return reports;
    }

    private static Instant since(TunnelReport report) {
        return report.details().map(Details::since).orElse(Instant.MAX);
    }

    /** The template without its tokens: any number stands for a job, and for a user if all are asked for. */
    private List<Path> parents(Optional<Integer> uid) throws IOException {
        List<Path> parents = List.of(Path.of("/"));
        for (String component : template.split("/", -1)) {
            if (component.isEmpty()) {
                continue;
            }
            String user = uid.isPresent() ? Integer.toUnsignedString(uid.get()) : "\\E\\d+\\Q";
            String pattern = ("\\Q" + component + "\\E")
                    .replace("%u", user)
                    .replace("%j", "\\E\\d+\\Q")
                    .replace("%h", host)
                    .replace("%%", "%");
            List<Path> below = new ArrayList<>();
            for (Path parent : parents) {
                below.addAll(
                        component.contains("%")
                                ? children(parent, Pattern.compile(pattern))
                                : List.of(parent.resolve(component)));
            }
            parents = below;
        }
        return parents;
    }

    private static List<Path> children(Path parent, Pattern name) throws IOException {
        if (!Files.isReadable(parent)) {
            return List.of();
        }
        try (var entries = Files.list(parent)) {
            return entries.filter(entry ->
                            name.matcher(entry.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        }
    }

    /** What the keeper wrote of a tunnel of this user's. */
    Optional<Message> state(String path) throws IOException {
        int root = posix.openRoot();
        try {
            int directory = posix.openDirectory(root, path);
            try {
                return read(directory, posix.userId());
            } finally {
                posix.close(directory);
            }
        } finally {
            posix.close(root);
        }
    }

    /** Empty for a directory that is gone by now, or is not its user's. */
    private Optional<TunnelReport> report(Path path, String user) {
        try {
            int uid = Integer.parseUnsignedInt(user);
            int root = posix.openRoot();
            int directory;
            try {
                directory = posix.openDirectory(root, path.toString());
            } finally {
                posix.close(root);
            }
            try {
                boolean own = posix.status(directory).uid() == uid;
                return own ? Optional.of(report(path, uid, read(directory, uid))) : Optional.empty();
            } finally {
                posix.close(directory);
            }
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static TunnelReport report(Path path, int uid, Optional<Message> state) throws IOException {
        if (state.isEmpty()) {
            boolean fresh = Files.getLastModifiedTime(path)
                    .toInstant()
                    .isAfter(Instant.now().minus(OPENING));
            return new TunnelReport(path.toString(), uid, fresh ? Status.OPENING : Status.STALE, Optional.empty());
        }
        try {
            Details details = TunnelReport.details(state.get());
            Status status = isKeeper(details.keeper(), uid) ? TunnelReport.status(state.get()) : Status.STALE;
            return new TunnelReport(path.toString(), uid, status, Optional.of(details));
        } catch (MalformedMessageException e) {
            return new TunnelReport(path.toString(), uid, Status.STALE, Optional.empty());
        }
    }

    private Optional<Message> read(int directory, int uid) throws IOException {
        int file;
        try {
            file = posix.openFile(directory, STATE, FileAccess.READ);
        } catch (PosixException e) {
            return Optional.empty();
        }
        try {
            // Root reads what users made: no link, no pipe that blocks, no device.
            FileStatus status = posix.status(file);
            if (!status.isRegular() || status.uid() != uid) {
                return Optional.empty();
            }
            try (InputStream bytes = new BufferedInputStream(new FileInputStream("/proc/self/fd/" + file))) {
                return new MessageReader(bytes).read();
            }
        } catch (MalformedMessageException e) {
            return Optional.empty();
        } finally {
            posix.close(file);
        }
    }

    /** Whether the keeper is still there, and its pid nobody else's. */
    private static boolean isKeeper(int pid, int uid) {
        Path process = Path.of("/proc/" + pid);
        try {
            return Files.readString(process.resolve("comm")).strip().equals("stunnel-keeper")
                    && Files.getAttribute(process, "unix:uid").equals(uid);
        } catch (IOException e) {
            return false;
        }
    }

    /** The tunnels of one job, or of one step. */
    public static List<TunnelReport> meant(List<TunnelReport> reports, String wanted) {
        List<TunnelReport> found = new ArrayList<>();
        for (TunnelReport report : reports) {
            if (report.details().isPresent() && report.details().get().isMeantBy(wanted)) {
                found.add(report);
            }
        }
        return Collections.unmodifiableList(found);
    }
}
