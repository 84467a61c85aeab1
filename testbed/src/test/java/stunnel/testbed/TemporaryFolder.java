package stunnel.testbed;

/** The /tmp of a host with other mount options than usual; closing it brings the usual ones back. */
record TemporaryFolder(Account host) implements AutoCloseable {
    private static final String FILLER = "/tmp/filler";

    /** Options as mount(8) has them for tmpfs. */
    static TemporaryFolder with(Account host, String options) {
        host.output("mount", "-o", "remount," + options, "/tmp");
        return new TemporaryFolder(host);
    }

    /** Not a byte is left in it. */
    static TemporaryFolder full(Account host) {
        TemporaryFolder folder = with(host, "size=64k");
        host.type("head --bytes=1M /dev/zero >" + FILLER);
        return folder;
    }

    @Override
    public void close() {
        host.output("mount", "-o", "remount,rw,exec,size=50%,nr_inodes=100000", "/tmp");
        host.output("rm", "-f", FILLER);
    }
}
