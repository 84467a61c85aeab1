package stunnel.runtime.ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why ssh reached no session, told from its own words, each with the user's next step. */
enum ConnectProblem {
    FULL("No space left on device", Step.NO_ROOM),
    QUOTA("Disk quota exceeded", Step.NO_ROOM),
    NO_LINKS(
            "link mux listener",
            "the folder of control.dir on {opener} has no hard links, which ssh needs: ask the administrator for another one"),
    CHANGED_HOST_KEY(
            "REMOTE HOST IDENTIFICATION HAS CHANGED",
            "ask the administrator whether the key of {host} is a new one; if so, `ssh-keygen -R {host}` removes the old one"),
    UNKNOWN_HOST_KEY(
            "Host key verification failed",
            "run `ssh {host}` once on {opener} to accept its key, or ask the administrator for /etc/ssh/ssh_known_hosts"),
    NO_JOB(
            "Access denied by pam_slurm",
            Patience.BRIEF,
            "{host} does not know of the job when the tunnel is opened: ask the administrator for PrologFlags=Contain in slurm.conf"),
    PERMISSION_DENIED(
            "Permission denied",
            "`ssh {host}` on {opener} must work without a password: put a key of yours into ~/.ssh/authorized_keys"),
    NO_NAME(
            "Could not resolve hostname",
            "{opener} cannot look up {host}: check the name; if it is right, ask the administrator"),
    REFUSED("Connection refused", "ask the administrator whether sshd runs on {host}, and on which port"),
    NO_ROUTE("No route to host", Step.DOWN),
    UNREACHABLE("Network is unreachable", Step.DOWN),
    BUSY("exchange_identification: Connection closed", Patience.LONG, Step.BUSY),
    BUSY_UNREAD("exchange_identification: read: Connection reset", Patience.LONG, Step.BUSY),
    BUSY_UNHEARD("exchange_identification: write: ", Patience.LONG, Step.BUSY),
    TIMED_OUT("timed out", Step.SILENT),
    TOO_LONG(SshProcess.TOO_LONG, Step.STUCK),
    CLOSED("Connection closed by", Patience.BRIEF, Step.CLOSED),
    RESET("Connection reset by", Patience.BRIEF, Step.CLOSED),
    BAD_OPTION("Bad configuration option", Step.CONFIGURATION),
    BAD_ALGORITHM("Bad SSH2", Step.CONFIGURATION);

    private static final String ANY_OTHER =
            "try `ssh -v {host} true` by hand on {opener}, and show the administrator what it says";

    /** For how many seconds a problem may go away by itself, and ssh is run again. */
    private static final class Patience {
        static final int NONE = 0;

        /** An account that the node lets in a moment later, once it knows of the job. */
        static final int BRIEF = 5;

        /** As long as a tunnel may take to come up at all: sshd lets in who asks often enough. */
        static final int LONG = Integer.MAX_VALUE;
    }

    private static final class Step {
        static final String NO_ROOM =
                "make room in the folder of control.dir on {opener} (/tmp, unless stunnel.conf names another)";
        static final String DOWN = "{host} or its network is down: ask the administrator";
        static final String SILENT = "{host} is down, overloaded or behind a firewall: ask the administrator";
        /** ssh itself tells of a host that does not answer, before its time is over. */
        static final String STUCK =
                "see whether `ssh {host} true` on {opener} waits, too: for an ssh-agent that does not answer (`ssh-add -l`), for a command in ~/.ssh/config, or for {host}, which may be overloaded: ask the administrator";

        static final String BUSY =
                "sshd on {host} turns away who comes while it is busy (MaxStartups): try again, or ask the administrator";
        static final String CLOSED =
                "sshd on {host} refuses the session, and its log there says why: ask the administrator";
        static final String CONFIGURATION = "correct ssh_args in plugstack.conf, or your ~/.ssh/config";
    }

    private final String words;
    private final int patience;
    private final String nextStep;

    ConnectProblem(String words, String nextStep) {
        this(words, Patience.NONE, nextStep);
    }

    ConnectProblem(String words, int patience, String nextStep) {
        this.words = words;
        this.patience = patience;
        this.nextStep = nextStep;
    }

    /** Whether ssh, which said this, may get through if it is run again, after so many seconds of trying. */
    static boolean mayPass(SshWords words, long seconds) {
        Optional<ConnectProblem> problem = shown(words, words.telling());
        return problem.isPresent() && seconds < problem.get().patience;
    }

    /**
     * Whether sshd closed, and ssh, which said this, may know more: a newer one (10.0) tells only in detail whether that was before anything
     * else, as of an sshd that is busy.
     */
    static boolean isUnexplained(SshWords words) {
        Optional<ConnectProblem> problem = shown(words, words.telling());
        return problem.isPresent() && problem.get() == CLOSED;
    }

    /** What the user reads when ssh does not get as far as a master that answers. */
    static TunnelFailure failure(Routes routes, String what, SshWords words) {
        String text = routes.text() + ": ssh from " + routes.opener() + " to " + routes.target() + " " + what;
        List<String> signs = new ArrayList<>(words.telling());
        signs.add(what);
        String step = nextStep(shown(words, signs), routes.opener(), routes.target());
        return TunnelFailure.of(text, words.all(), step);
    }

    /** What to do after these signs of a connection that the opener did not get to the target. */
    static String nextStep(List<String> signs, String opener, String target) {
        return nextStep(shown(signs), opener, target);
    }

    private static String nextStep(Optional<ConnectProblem> problem, String opener, String target) {
        String step = problem.isPresent() ? problem.get().nextStep : ANY_OTHER;
        return step.replace("{host}", target).replace("{opener}", opener);
    }

    /** The line that shows why there is no connection. */
    static Optional<String> reason(List<String> lines) {
        return shown(lines)
                .flatMap(problem -> lines.stream()
                        .filter(line -> line.contains(problem.words))
                        .findFirst());
    }

    /** Why an sshd closes that let ssh come so far, only its own words say; they may add that, and change nothing else. */
    private static Optional<ConnectProblem> shown(SshWords words, List<String> signs) {
        Optional<ConnectProblem> problem = shown(signs);
        boolean closed = problem.isPresent() && (problem.get() == CLOSED || problem.get() == RESET);
        return closed && SshWords.contains(words.foreign(), NO_JOB.words) ? Optional.of(NO_JOB) : problem;
    }

    /** The first problem of the list that shows decides. */
    private static Optional<ConnectProblem> shown(List<String> signs) {
        for (ConnectProblem problem : values()) {
            if (SshWords.contains(signs, problem.words)) {
                return Optional.of(problem);
            }
        }
        return Optional.empty();
    }
}
