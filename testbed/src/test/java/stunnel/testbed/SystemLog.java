package stunnel.testbed;

import java.util.List;

/** A host's syslogd, with a /dev of the host's own that has its socket; closing it ends both. */
record SystemLog(Account host) implements AutoCloseable {
    private static final String FILE = "/run/messages";

    /** The machine's devices at other places of the tree. */
    private static final String START = """
            set -e
            mkdir -p /run/dev
            mount -t tmpfs -o mode=755 dev /run/dev
            for device in null zero full random urandom tty ptmx; do
                touch /run/dev/$device
                mount --bind /dev/$device /run/dev/$device
            done
            for folder in pts shm; do
                mkdir /run/dev/$folder
                mount --rbind /dev/$folder /run/dev/$folder
            done
            cp -P /dev/fd /dev/stdin /dev/stdout /dev/stderr /run/dev
            mount --move /run/dev /dev
            busybox syslogd -O /run/messages
            until [ -S /dev/log ]; do sleep 0.02; done
            """;

    private static final String STOP =
            "kill -CONT $(cat /run/syslogd.pid); kill $(cat /run/syslogd.pid); umount --recursive --lazy /dev && rm -f /run/messages";

    static SystemLog on(Account host) {
        Outcome outcome = host.bash(START);
        if (outcome.exit() != 0) {
            throw new IllegalStateException(outcome.toString());
        }
        return new SystemLog(host);
    }

    /** What it has got from keepers so far, without the time, the host and the process. */
    List<String> lines() {
        return host.run("sed", "-n", "s/.* stunnel\\[[0-9]*\\]: //p", FILE)
                .stdout()
                .lines()
                .toList();
    }

    /** The lines as they are. */
    String text() {
        return host.output("cat", FILE);
    }

    /** Waits for a number of such lines. */
    List<String> await(int count) {
        Await.until(count + " lines in the log of " + host.host(), () -> lines().size() >= count);
        return lines();
    }

    @Override
    public void close() {
        host.output("bash", "-c", STOP);
    }
}
