package stunnel.runtime;

import java.util.Optional;
import stunnel.runtime.posix.Posix;

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

    /** Waits for the library; a failure to load it is thrown here. */
    Posix await() {
        try {
            join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (posix.isEmpty()) {
            Throwable cause = failure.orElseThrow();
            throw new IllegalStateException("the native library is not usable: " + cause.getMessage(), cause);
        }
        return posix.get();
    }
}
