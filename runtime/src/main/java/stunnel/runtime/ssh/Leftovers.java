package stunnel.runtime.ssh;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import stunnel.runtime.posix.Errno;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.PosixException;
import stunnel.runtime.posix.Signal;

/**
 * The processes of one tunnel, known by the control socket's unpredictable path on their command lines. This finds the master also
 * when it is stopped, or had no time to tell its pid.
 */
final class Leftovers {
    /** They are no children of this process, so there is nothing to wait for but /proc. */
    private static final int POLL_MILLIS = 10;

    private final Posix posix;
    private final String socket;

    Leftovers(Posix posix, String socket) {
        this.posix = posix;
        this.socket = socket;
    }

    /** Returns when none is left; one that ignores the first signal for as long as this gets the one that cannot be ignored. */
    void end(Duration patience) throws PosixException {
        Deadline patient = Deadline.after(patience);
        Deadline last = Deadline.after(patience.multipliedBy(2));
        send(Signal.TERM);
        while (!pids().isEmpty() && !last.isOver()) {
            if (patient.isOver()) {
                send(Signal.KILL);
            }
            pause();
        }
    }

    private void send(Signal signal) throws PosixException {
        for (int pid : pids()) {
            try {
                posix.kill(pid, signal);
            } catch (PosixException e) {
                if (e.errno() != Errno.ESRCH && e.errno() != Errno.EPERM) {
                    throw e;
                }
            }
        }
    }

    /** A zombie has no command line, so it is none of them. */
    List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        String[] names = new File("/proc").list();
        for (String name : names == null ? new String[0] : names) {
            boolean isPid = name.charAt(0) >= '0' && name.charAt(0) <= '9';
            if (isPid && commandLine(name).contains(socket)) {
                pids.add(Integer.parseInt(name));
            }
        }
        return pids;
    }

    private static List<String> commandLine(String pid) {
        try (FileInputStream file = new FileInputStream("/proc/" + pid + "/cmdline")) {
            String words = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.asList(words.split("\0", -1));
        } catch (IOException e) {
            return List.of(); // it ended meanwhile
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
