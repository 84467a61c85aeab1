package stunnel.testbed;

/** The cable between the switch and a host, pulled out; closing it plugs it in again. */
record Cut(Account cable, String host) implements AutoCloseable {
    static Cut of(Testbed testbed, String host) {
        Cut cut = new Cut(testbed.host("switch"), host);
        cut.set("down");
        return cut;
    }

    @Override
    public void close() {
        set("up");
    }

    private void set(String state) {
        cable.output("ip", "link", "set", host, state);
    }
}
