package stunnel.runtime.posix;

/**
 * Names, owner, type and permissions of a file, as statx(2) reports them.
 *
 * @param links how many names it has
 * @param uid the owner
 * @param mode type and permission bits together, st_mode of inode(7)
 * @param device the device number of a character device, 0 for other types; see {@link #isNullDevice()}
 */
public record FileStatus(int links, int uid, int mode, long device) {
    private static final int TYPE_MASK = 0170000;
    private static final int CHARACTER_DEVICE = 0020000;
    private static final int REGULAR = 0100000;
    private static final int LINK = 0120000;
    private static final int SOCKET = 0140000;
    private static final int STICKY = 01000;
    private static final int WRITABLE_BY_OTHERS = 0022;

    /** Linux's fixed numbers of /dev/null: major 1, minor 3 (admin-guide/devices.txt). */
    private static final long NULL_DEVICE = deviceNumber(1, 3);

    static long deviceNumber(int major, int minor) {
        return ((long) major << Integer.SIZE) | minor;
    }

    public boolean isRegular() {
        return type() == REGULAR;
    }

    /** Whether a name elsewhere leads to it too: in a shared directory somebody else can have made this one. */
    public boolean hasOtherNames() {
        return links > 1;
    }

    public boolean isLink() {
        return type() == LINK;
    }

    public boolean isSocket() {
        return type() == SOCKET;
    }

    public boolean isNullDevice() {
        return type() == CHARACTER_DEVICE && device == NULL_DEVICE;
    }

    /** Whether somebody else could take away or replace an entry: group- or world-writable without the sticky bit. */
    public boolean othersMayReplaceEntries() {
        return (mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0;
    }

    /** The twelve permission bits. */
    public int permissions() {
        return mode & 07777;
    }

    private int type() {
        return mode & TYPE_MASK;
    }
}
