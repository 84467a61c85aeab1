package stunnel.runtime;

import java.util.Optional;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.ssh.TunnelFailure;

/** Loads the native library on a thread of its own, while the compilers work or the keeper waits for a node. */
final class PosixLoading extends Thread {
    private Optional<Posix> posix = Optional.empty();
    private Optional<Throwable> failure = Optional.empty();

    private PosixLoading() {
        super("posix-loading");
        setDaemon(true);
    }

    static PosixLoading begin() {
        PosixLoading loading = new PosixLoading();
        loading.start();
        return loading;
    }

    @Override
    public void run() {
        try {
            Posix system = Posix.system();
            system.userId();
            posix = Optional.of(system);
        } catch (RuntimeException | LinkageError e) {
            failure = Optional.of(e);
        }
    }

    /** Waits for the library; that it cannot be loaded is thrown here, and lies in the installation or in a limit of the shell. */
    Posix await() throws TunnelFailure {
        try {
            join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (posix.isEmpty()) {
            Throwable cause = failure.orElseThrow();
            throw TunnelFailure.of(
                    "the native library is not usable: " + cause.getMessage(),
                    "raise `ulimit -n` and `ulimit -v`, or ask the administrator to install the plugin for this machine");
        }
        return posix.get();
    }
}
