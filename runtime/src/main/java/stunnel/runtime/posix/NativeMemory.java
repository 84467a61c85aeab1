package stunnel.runtime.posix;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/** A zeroed block of C memory that is freed on close; unlike JNA's own Memory it starts no cleaner thread. */
final class NativeMemory implements AutoCloseable {
    private final long address;
    private final Pointer pointer;

    NativeMemory(long size) {
        address = Native.malloc(size);
        if (address == 0) {
            throw new OutOfMemoryError("malloc of " + size + " bytes");
        }
        pointer = new Pointer(address);
        pointer.clear(size);
    }

    /** A NULL-terminated array of C strings, the strings behind the array in the same block. */
    static NativeMemory strings(List<String> values) {
        return strings(new Pointer[0], values);
    }

    /** The same behind strings that are elsewhere, and stay there. */
    static NativeMemory strings(Pointer[] first, List<String> values) {
        List<byte[]> encoded = new ArrayList<>(values.size());
        long offset = (long) Native.POINTER_SIZE * (first.length + values.size() + 1);
        long size = offset;
        for (String value : values) {
            byte[] bytes = LibC.string(value);
            encoded.add(bytes);
            size += bytes.length;
        }
        NativeMemory memory = new NativeMemory(size);
        memory.pointer.write(0, first, 0, first.length);
        for (int i = 0; i < encoded.size(); i++) {
            byte[] bytes = encoded.get(i);
            memory.pointer.setPointer(
                    (long) Native.POINTER_SIZE * (first.length + i), new Pointer(memory.address + offset));
            memory.pointer.write(offset, bytes, 0, bytes.length);
            offset += bytes.length;
        }
        return memory;
    }

    Pointer pointer() {
        return pointer;
    }

    @Override
    public void close() {
        Native.free(address);
    }
}
