package stunnel.doctor;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import stunnel.runtime.ssh.TrialTunnel;
import stunnel.runtime.ssh.TunnelFailure;

/** What a tunnel does in its session with a host, once ssh is started. */
final class Session {
    static final String HOST_KEY = "host key";
    static final String LOGIN = "login";
    private static final String LATENCY = "latency";
    static final String LOCAL = "forward L";
    static final String REMOTE = "forward R";

    /** What forbids every forward of a direction. */
    private static final String SWITCHES = "AllowTcpForwarding, DisableForwarding, or restrict in your authorized_keys";

    /** Of sshd, when it listens for nobody. */
    private static final String NEVER = "Server has disabled port forwarding";

    /** Of sshd, when it listens, but not on this port. */
    private static final String NOT_THERE = "port forwarding refused";

    private static final String UNKNOWN_HOST = "Host key verification failed";

    /** A kernel waits 40 ms with an acknowledgement that Nagle's algorithm waits for; here less, for the clock. */
    private static final double STALL_MILLIS = 35;

    private static final double NANOS_PER_MILLI = 1e6;

    /** One that takes long may just have been unlucky. */
    private static final int LOGINS = 3;

    private final Place place;
    private final SshProgram ssh;
    private final TrialTunnel tunnel;
    private final String target;

    Session(Place place, SshProgram ssh, TrialTunnel tunnel, String target) {
        this.place = place;
        this.ssh = ssh;
        this.tunnel = tunnel;
        this.target = target;
    }

    /** The host's key comes before the login: who has got an answer about himself has been told it. */
    List<Check> login() throws IOException {
        try {
            tunnel.login();
            return List.of(
                    Check.ok(HOST_KEY, "ssh knows the one of " + target),
                    Check.ok(LOGIN, place.host() + " to " + target + ", without a question"));
        } catch (TunnelFailure e) {
            String words = e.sshLines().isEmpty()
                    ? e.problem().substring(Math.max(0, e.problem().indexOf("ssh from ")))
                    : e.sshLines().get(e.sshLines().size() - 1);
            boolean unknown = String.join("\n", e.sshLines()).contains(UNKNOWN_HOST);
            if (unknown) {
                return List.of(Check.wrong(HOST_KEY, target + ": " + words, e.nextStep()));
            }
            boolean asked = String.join("\n", e.sshLines()).contains("denied");
            return List.of(
                    asked
                            ? Check.ok(HOST_KEY, "ssh knows the one of " + target)
                            : Check.skipped(HOST_KEY, "ssh did not say"),
                    Check.wrong(LOGIN, words, e.nextStep()));
        }
    }

    /** sshd has the same words for what it never carries and for what it does not carry to the port of this trial. */
    Check forwardLocally() throws TunnelFailure, IOException {
        Optional<String> objection = tunnel.localObjection();
        return objection.isEmpty()
                ? allowed(LOCAL)
                : Check.wrong(
                        LOCAL,
                        "sshd of " + target + " forbids it, to " + TrialTunnel.DESTINATION + " at least: "
                                + objection.get(),
                        "ask the administrator which it is, " + SWITCHES
                                + ", or PermitOpen, which lets the destinations" + " through that it names: "
                                + settingsOfSshd());
    }

    Check forwardRemotely() throws TunnelFailure, IOException {
        Optional<String> objection = tunnel.remoteObjection();
        if (objection.isEmpty()) {
            return allowed(REMOTE);
        }
        String forbids = "sshd of " + target + " forbids it: " + objection.get();
        Optional<Program> login = ssh.loginThatListens(target);
        if (login.filter(said -> said.says(NEVER)).isPresent()) {
            return Check.wrong(REMOTE, forbids, "ask the administrator about " + SWITCHES + ": " + settingsOfSshd());
        }
        if (login.filter(said -> said.says(NOT_THERE)).isPresent()) {
            return Check.warning(
                    REMOTE,
                    "sshd of " + target + " listens on the ports alone that its PermitListen names",
                    "name one of them instead of auto; " + settingsOfSshd() + " shows them");
        }
        return Check.wrong(
                REMOTE, forbids, "ask the administrator about " + SWITCHES + ", or PermitListen: " + settingsOfSshd());
    }

    private Check allowed(String name) {
        return Check.ok(name, "sshd of " + target + " allows it");
    }

    private String settingsOfSshd() {
        return "`sshd -T -C user=" + System.getProperty("user.name") + ",host=" + place.host()
                + ",addr=ADDRESS` as root on " + target;
    }

    /** Batch jobs take it: from the node to the submit host. */
    Check wayBack() throws TunnelFailure, IOException {
        List<String> complaints = tunnel.complaints(ssh.lineTo(place.host()));
        return complaints.isEmpty()
                ? Check.ok("way back", target + " to " + place.host() + ", without a question")
                : Check.wrong(
                        "way back",
                        target + " to " + place.host() + ": " + complaints.get(complaints.size() - 1),
                        TrialTunnel.nextStep(complaints, target, place.host()));
    }

    /** Of the wait for an acknowledgement that nobody delays on purpose; the shortest of a few counts. */
    Check latency() {
        double shortest = Double.MAX_VALUE;
        for (int i = 0; i < LOGINS && shortest >= STALL_MILLIS; i++) {
            Optional<Program> login = ssh.login(target);
            Optional<Long> sent = login.flatMap(said -> said.nanosOf("SSH2_MSG_NEWKEYS received"));
            Optional<Long> answered = login.flatMap(said -> said.nanosOf("SSH2_MSG_SERVICE_ACCEPT received"));
            if (sent.isEmpty() || answered.isEmpty()) {
                return Check.skipped(LATENCY, "`ssh -v` does not tell of the login's steps");
            }
            shortest = Math.min(shortest, (answered.get() - sent.get()) / NANOS_PER_MILLI);
        }
        String seen = "sshd of %s answers the request to log in after %.0f ms".formatted(target, shortest);
        return shortest < STALL_MILLIS
                ? Check.ok(LATENCY, seen)
                : Check.warning(
                        LATENCY,
                        seen + ", the first 40 of which its kernel waits with an acknowledgement",
                        "`ip route change ROUTE quickack 1` on " + target + ", for the route to " + place.host()
                                + ", takes them off every login; of a tunnel's own, ssh.tuning = fast and "
                                + place.program("stunnel-tune"));
    }
}
