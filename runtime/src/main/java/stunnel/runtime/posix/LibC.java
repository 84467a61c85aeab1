package stunnel.runtime.posix;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/**
 * Calls functions of the C library by name, with errno turned into {@link PosixException}.
 * Function objects, since interface and direct mapping cost tens of milliseconds more at start-up.
 */
final class LibC {
    private final NativeLibrary library = NativeLibrary.getProcess();

    /** A call that reports failure by -1 and errno. */
    int call(String function, String subject, Object... arguments) throws PosixException {
        Function target = library.getFunction(function);
        int result = target.invokeInt(arguments);
        if (result == -1) {
            throw failure(function, subject, Native.getLastError());
        }
        return result;
    }

    /** A call that returns an error number, 0 for success, as the posix_spawn family does. */
    void callReturningErrno(String function, String subject, Object... arguments) throws PosixException {
        int errno = library.getFunction(function).invokeInt(arguments);
        if (errno != 0) {
            throw failure(function, subject, errno);
        }
    }

    /** A call that cannot fail. */
    int callAlways(String function, Object... arguments) {
        return library.getFunction(function).invokeInt(arguments);
    }

    /** The environment of this process, environ(7). */
    Pointer[] environment() {
        return library.getGlobalVariableAddress("environ").getPointer(0).getPointerArray(0);
    }

    /** A string as C has it: UTF-8 with a NUL at its end. */
    static byte[] string(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a NUL character inside of a string for a system call");
        }
        return text.concat("\0").getBytes(StandardCharsets.UTF_8);
    }

    private PosixException failure(String function, String subject, int errno) {
        Pointer reason = library.getFunction("strerror").invokePointer(new Object[] {errno});
        return new PosixException(function, subject, errno, reason.getString(0));
    }
}
