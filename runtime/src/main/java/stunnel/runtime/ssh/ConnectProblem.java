package stunnel.runtime.ssh;

import java.util.ArrayList;
import java.util.List;

/** Why ssh reached no session, told from its own words, each with the user's next step. */
enum ConnectProblem {
    CHANGED_HOST_KEY(
            "REMOTE HOST IDENTIFICATION HAS CHANGED",
            "ask the administrator whether the key of {host} is a new one; if so, `ssh-keygen -R {host}` removes the old one"),
    UNKNOWN_HOST_KEY(
            "Host key verification failed",
            "run `ssh {host}` once on {opener} to accept its key, or ask the administrator for /etc/ssh/ssh_known_hosts"),
    PERMISSION_DENIED(
            "Permission denied",
            "`ssh {host}` on {opener} must work without a password: put a key of yours into ~/.ssh/authorized_keys"),
    NO_NAME("Could not resolve hostname", "{opener} cannot look up {host}: ask the administrator"),
    REFUSED("Connection refused", "ask the administrator whether sshd runs on {host}, and on which port"),
    NO_ROUTE("No route to host", "{host} or its network is down: ask the administrator"),
    UNREACHABLE("Network is unreachable", "{host} or its network is down: ask the administrator"),
    TIMED_OUT("timed out", "{host} is down, overloaded or behind a firewall: ask the administrator"),
    TOO_LONG(SshProcess.TOO_LONG, "{host} is down, overloaded or behind a firewall: ask the administrator"),
    CLOSED("Connection closed by", "try again: sshd on {host} may be busy (MaxStartups); its log says more"),
    RESET("Connection reset by", "try again: sshd on {host} may be busy (MaxStartups); its log says more"),
    BAD_OPTION("Bad configuration option", "correct ssh_args in plugstack.conf, or your ~/.ssh/config"),
    BAD_ALGORITHM("Bad SSH2", "correct ssh_args in plugstack.conf, or your ~/.ssh/config");

    private static final String ANY_OTHER =
            "try `ssh -v {host} true` by hand on {opener}, and show the administrator what it says";

    private final String words;
    private final String nextStep;

    ConnectProblem(String words, String nextStep) {
        this.words = words;
        this.nextStep = nextStep;
    }

    /** What the user reads when ssh does not get as far as a master that answers. */
    static TunnelFailure failure(Routes routes, String what, List<String> sshLines) {
        String problem = routes.text() + ": ssh from " + routes.opener() + " to " + routes.target() + " " + what;
        List<String> signs = new ArrayList<>(sshLines);
        signs.add(what);
        String step = nextStep(signs).replace("{host}", routes.target()).replace("{opener}", routes.opener());
        return TunnelFailure.of(problem, sshLines, step);
    }

    /** The first problem of the list that shows decides. */
    private static String nextStep(List<String> signs) {
        for (ConnectProblem problem : values()) {
            for (String line : signs) {
                if (line.contains(problem.words)) {
                    return problem.nextStep;
                }
            }
        }
        return ANY_OTHER;
    }
}
