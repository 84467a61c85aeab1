package stunnel.runtime.ssh;

import stunnel.runtime.posix.FileStatus;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.PosixException;

/** A walk down a path that nobody but root and this user can turn elsewhere. */
final class TrustedPath {
    private static final String ADVICE = "have the administrator correct it, or set control.dir to another directory";

    private TrustedPath() {}

    /** Opens the directory at an absolute path, each component by itself, and closes those above it. */
    static int open(Posix posix, String path) throws TunnelFailure {
        if (!path.startsWith("/")) {
            throw TunnelFailure.of("control.dir " + path + " is not an absolute path", ADVICE);
        }
        StringBuilder walked = new StringBuilder();
        int directory = root(posix);
        for (String component : path.split("/", -1)) {
            if (!component.isEmpty()) {
                walked.append('/').append(component);
                int above = directory;
                try {
                    directory = step(posix, above, component, walked.toString());
                } finally {
                    posix.close(above);
                }
            }
        }
        return directory;
    }

    private static int root(Posix posix) throws TunnelFailure {
        try {
            return checked(posix, posix.openRoot(), "/");
        } catch (PosixException e) {
            throw unusable("/", e.reason());
        }
    }

    private static int step(Posix posix, int above, String component, String path) throws TunnelFailure {
        try {
            FileStatus status = posix.status(above, component);
            if (status.isLink()) {
                throw unusable(path, "is a symbolic link, and none is followed");
            }
            return checked(posix, posix.openDirectory(above, component), path);
        } catch (PosixException e) {
            throw unusable(path, "cannot be opened: " + e.reason());
        }
    }

    private static int checked(Posix posix, int directory, String path) throws TunnelFailure, PosixException {
        FileStatus status = posix.status(directory);
        String objection = "";
        if (status.uid() != 0 && status.uid() != posix.userId()) {
            objection = "belongs to another user (uid " + status.uid() + ")";
        } else if (status.othersMayReplaceEntries()) {
            objection = "can be changed by others (mode " + Integer.toOctalString(status.permissions()) + ")";
        }
        if (!objection.isEmpty()) {
            posix.close(directory);
            throw unusable(path, objection);
        }
        return directory;
    }

    private static TunnelFailure unusable(String path, String objection) {
        return TunnelFailure.of("the tunnel's files cannot be kept safely: " + path + " " + objection, ADVICE);
    }
}
