package stunnel.testbed;

import java.time.Duration;

/** The cable between the switch and a host, pulled out; closing it plugs it in again. */
record Cut(Account cable, String host, long start) implements AutoCloseable {
    static Cut of(Testbed testbed, String host) {
        Cut cut = new Cut(testbed.host("switch"), host, System.nanoTime());
        cut.set("down");
        return cut;
    }

    /** Returns when the cable has been out for so long. */
    void lastsFor(Duration duration) {
        Await.within(duration.minusNanos(System.nanoTime() - start), () -> false);
    }

    @Override
    public void close() {
        set("up");
    }

    private void set(String state) {
        cable.output("ip", "link", "set", host, state);
    }
}
