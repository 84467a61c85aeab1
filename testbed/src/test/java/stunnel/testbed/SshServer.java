package stunnel.testbed;

import java.util.List;
import java.util.stream.Collectors;

/** The sshd of a host with other settings than usual; closing it brings the usual one back. Sessions stay. */
final class SshServer implements AutoCloseable {
    private static final String STOP = "p=$(cat /run/sshd.pid) && kill $p && while kill -0 $p; do sleep 0.02; done";
    private static final String START = "/usr/sbin/sshd -E /var/log/sshd.log";
    private static final String AWAIT = "until read -rt 5 banner <>/dev/tcp/localhost/22; do sleep 0.02; done";

    private final Account host;

    private SshServer(Account host) {
        this.host = host;
    }

    /** Settings are written as for ssh's {@code -o}: {@code MaxStartups=1}. */
    static SshServer with(Account host, String... settings) {
        String options =
                List.of(settings).stream().map(setting -> " -o " + setting).collect(Collectors.joining());
        stop(host);
        start(host, options);
        return new SshServer(host);
    }

    /** No sshd at all; sessions stay. */
    static SshServer none(Account host) {
        stop(host);
        return new SshServer(host);
    }

    @Override
    public void close() {
        if (host.run("test", "-e", "/run/sshd.pid").exit() == 0) {
            stop(host);
        }
        start(host, "");
    }

    private static void stop(Account host) {
        host.output("bash", "-c", STOP + " 2>/dev/null");
    }

    private static void start(Account host, String options) {
        host.output("bash", "-c", START + options + "; " + AWAIT + " 2>/dev/null");
    }
}
