package stunnel.runtime.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** statx(2), whose structure has one layout on every architecture, where that of stat(2) has many. */
final class StatusBuffer {
    private static final int SIZE = 256;
    private static final int STATX_TYPE_MODE_NLINK_UID = 0x1 | 0x2 | 0x4 | 0x8;
    private static final int STX_NLINK = 16;
    private static final int STX_UID = 20;
    private static final int STX_MODE = 28;
    private static final int STX_RDEV_MAJOR = 128;
    private static final int STX_RDEV_MINOR = 132;

    private StatusBuffer() {}

    static FileStatus read(LibC libc, int directory, String name, int flags) throws PosixException {
        byte[] buffer = new byte[SIZE];
        libc.call("statx", name, directory, LibC.string(name), flags, STATX_TYPE_MODE_NLINK_UID, buffer);
        ByteBuffer fields = ByteBuffer.wrap(buffer).order(ByteOrder.nativeOrder());
        return new FileStatus(
                fields.getInt(STX_NLINK),
                fields.getInt(STX_UID),
                fields.getShort(STX_MODE) & 0xffff,
                FileStatus.deviceNumber(fields.getInt(STX_RDEV_MAJOR), fields.getInt(STX_RDEV_MINOR)));
    }
}
