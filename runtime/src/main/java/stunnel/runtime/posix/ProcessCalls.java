package stunnel.runtime.posix;

import com.sun.jna.Pointer;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** Starting children with posix_spawn(3), and waiting for one of them by its pid, never for any. */
final class ProcessCalls {
    private static final int POSIX_SPAWN_SETSIGDEF = 0x04;
    private static final int POSIX_SPAWN_SETSIGMASK = 0x08;
    private static final int POSIX_SPAWN_SETSID = 0x80;

    /** More than any C library's opaque structure takes; glibc's largest, posix_spawnattr_t, has 336 bytes. */
    private static final int STRUCTURE = 1024;

    private static final int P_PID = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;
    private static final int SIGINFO_SIZE = 128;

    private final LibC libc;

    ProcessCalls(LibC libc) {
        this.libc = libc;
    }

    int spawn(SpawnRequest request) throws PosixException {
        String program = request.argv().get(0);
        try (NativeMemory actions = new NativeMemory(STRUCTURE);
                NativeMemory attributes = new NativeMemory(STRUCTURE);
                NativeMemory argv = NativeMemory.strings(request.argv());
                NativeMemory environment = NativeMemory.strings(libc.environment(), request.variables())) {
            prepareDescriptors(actions.pointer(), request.descriptors());
            prepareSession(attributes.pointer());
            byte[] pid = new byte[Integer.BYTES];
            try {
                libc.callReturningErrno(
                        "posix_spawnp",
                        program,
                        pid,
                        LibC.string(program),
                        actions.pointer(),
                        attributes.pointer(),
                        argv.pointer(),
                        environment.pointer());
            } finally {
                libc.callAlways("posix_spawn_file_actions_destroy", actions.pointer());
                libc.callAlways("posix_spawnattr_destroy", attributes.pointer());
            }
            return ByteBuffer.wrap(pid).order(ByteOrder.nativeOrder()).getInt();
        }
    }

    private void prepareDescriptors(Pointer actions, Map<Integer, Integer> descriptors) throws PosixException {
        libc.callReturningErrno("posix_spawn_file_actions_init", "", actions);
        for (Map.Entry<Integer, Integer> copy : descriptors.entrySet()) {
            libc.callReturningErrno("posix_spawn_file_actions_adddup2", "", actions, copy.getValue(), copy.getKey());
        }
        for (String open : openDescriptors()) {
            int fd = Integer.parseInt(open);
            if (fd > 2 && !descriptors.containsKey(fd)) {
                // The listing's own descriptor is among them and gone by now; closing it twice is no error here.
                libc.callReturningErrno("posix_spawn_file_actions_addclose", "", actions, fd);
            }
        }
    }

    private void prepareSession(Pointer attributes) throws PosixException {
        libc.callReturningErrno("posix_spawnattr_init", "", attributes);
        libc.callReturningErrno("posix_spawnattr_setflags", "", attributes, (short)
                (POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID));
        try (NativeMemory signals = new NativeMemory(STRUCTURE)) {
            libc.call("sigemptyset", "", signals.pointer());
            libc.callReturningErrno("posix_spawnattr_setsigmask", "", attributes, signals.pointer());
            libc.call("sigfillset", "", signals.pointer());
            libc.callReturningErrno("posix_spawnattr_setsigdefault", "", attributes, signals.pointer());
        }
    }

    private static String[] openDescriptors() {
        String[] names = new File("/proc/self/fd").list();
        if (names == null) {
            throw new IllegalStateException("/proc/self/fd cannot be read");
        }
        return names;
    }

    void awaitEnd(int pid) throws PosixException {
        boolean ended = false;
        while (!ended) {
            try {
                libc.call("waitid", "process " + pid, P_PID, pid, new byte[SIGINFO_SIZE], WEXITED | WNOWAIT);
                ended = true;
            } catch (PosixException e) {
                if (e.errno() != Errno.EINTR) {
                    throw e;
                }
            }
        }
    }

    ExitStatus reap(int pid) throws PosixException {
        byte[] status = new byte[Integer.BYTES];
        libc.call("waitpid", "process " + pid, pid, status, 0);
        return ExitStatus.of(
                ByteBuffer.wrap(status).order(ByteOrder.nativeOrder()).getInt());
    }
}
