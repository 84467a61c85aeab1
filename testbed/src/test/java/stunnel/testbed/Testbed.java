package stunnel.testbed;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The cluster of namespaces: started once per JVM, and ended with it unless it was up before. */
final class Testbed {
    /** The hosts, the submit host first. */
    static final List<String> HOSTS = List.of("login", "cn1", "cn2");

    /** Twice what is promised, for a machine with more to do than this; less than a keeper gives ssh to come back. */
    private static final Duration END_OF_TUNNEL = Duration.ofSeconds(10);

    private final Path checkout;

    private Testbed(Path checkout) {
        this.checkout = checkout;
    }

    /** The running testbed, with the plugin that was built last. */
    static Testbed shared() {
        return Shared.TESTBED;
    }

    /** {@code host} as root; {@link Account#as} gives the other users. */
    Account host(String host) {
        return new Account(this, host, "root");
    }

    /** The submit host as alice. */
    Account alice() {
        return host("login").as("alice");
    }

    /** For each process of the testbed with this name the host that it runs on. */
    List<String> hostsRunning(String program) {
        return HOSTS.stream()
                .flatMap(host -> host(host)
                        .run("ps", "-C", program, "-o", "pid=")
                        .stdout()
                        .lines()
                        .map(pid -> host))
                .toList();
    }

    /** Waits until an ssh is on its way, as to a {@linkplain SilentSshServer host that says nothing}. */
    void awaitConnecting() {
        Await.until("ssh tries to connect", () -> !hostsRunning("ssh").isEmpty());
    }

    /** Waits until no part of a tunnel runs on {@code host}, and nothing listens on the submit host's {@code port}. */
    void awaitEndOfTunnel(String host, int port) {
        boolean gone = Await.within(
                END_OF_TUNNEL,
                () -> host(host).run("ps", "-C", "ssh,stunnel-keeper,java").exit() != 0 && !alice().listensOn(port));
        if (!gone) {
            throw new AssertionError("the tunnel of port %d on %s is not gone after %s: %s"
                    .formatted(port, host, END_OF_TUNNEL, host(host).run("ps", "-e", "-o", "pid,ppid,stat,args")));
        }
    }

    /** What slurm.conf has for {@code key}; empty if nothing. */
    String slurmParameter(String key) {
        return host("login").output("sed", "--quiet", "s/^" + key + "=//p", "/etc/slurm/slurm.conf");
    }

    /** Sets a line of slurm.conf, or removes it if {@code value} is empty, and lets the cluster know. */
    void configureSlurm(String key, String value) {
        script("slurm", key + "=" + value);
    }

    /** Pulls a host's plug. */
    void kill(String host) {
        script("kill", host);
    }

    /** Starts a host that was killed, and waits until all of the cluster is idle. */
    void boot(String host) {
        script("boot", host);
    }

    private void script(String... arguments) {
        List<String> argv = Stream.concat(Stream.of(script().toString()), Stream.of(arguments))
                .toList();
        Outcome outcome = RunningCommand.start(argv, "").outcome();
        if (outcome.exit() != 0) {
            throw new IllegalStateException(outcome.toString());
        }
    }

    /** The sources that it was started from. */
    Path checkout() {
        return checkout;
    }

    /** The script that runs commands on the hosts. */
    Path script() {
        return checkout.resolve("testbed/cluster");
    }

    private void up() {
        boolean wasUp = host("login").run("true").exit() == 0;
        Outcome outcome = RunningCommand.start(List.of(checkout.resolve("dev").toString(), "-y", "testbed", "up"), "")
                .outcome();
        if (outcome.exit() != 0) {
            throw new IllegalStateException("the testbed does not start: " + outcome.stderr());
        }
        if (!wasUp) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::down, "testbed down"));
        }
    }

    private void down() {
        RunningCommand.start(List.of(script().toString(), "down"), "").outcome();
    }

    private static final class Shared {
        static final Testbed TESTBED = new Testbed(Path.of(System.getProperty("testbed.checkout", ".."))
                .toAbsolutePath()
                .normalize());

        static {
            TESTBED.up();
        }
    }
}
