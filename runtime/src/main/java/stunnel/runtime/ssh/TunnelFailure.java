package stunnel.runtime.ssh;

import java.util.List;
import java.util.Optional;
import stunnel.plan.Forward;

/** A tunnel that does not come up; the message is what the user reads: the problem, ssh's own words, the next step. */
public final class TunnelFailure extends Exception {
    /** Enough for a changed host key's warning without its frame; what matters comes last. */
    private static final int MOST_LINES = 6;

    private final String problem;
    private final List<String> sshLines;
    private final String nextStep;
    private final boolean contestable;
    private final Optional<Forward> refused;

    private TunnelFailure(
            String problem, List<String> sshLines, String nextStep, boolean contestable, Optional<Forward> refused) {
        super(text("tunnel not opened", problem, sshLines, nextStep));
        this.problem = problem;
        this.sshLines = List.copyOf(sshLines);
        this.nextStep = nextStep;
        this.contestable = contestable;
        this.refused = refused;
    }

    private static String text(String what, String problem, List<String> sshLines, String nextStep) {
        StringBuilder text = new StringBuilder(what).append(": ").append(problem);
        for (String line : sshLines) {
            text.append("\n  ssh: ").append(line);
        }
        return text.append("\n  next: ").append(nextStep).toString();
    }

    /** A problem of our own finding, in one line, and what to do about it. */
    public static TunnelFailure of(String problem, String nextStep) {
        return of(problem, List.of(), nextStep);
    }

    /** A problem that ssh had something to say about. */
    static TunnelFailure of(String problem, List<String> sshLines, String nextStep) {
        return new TunnelFailure(
                problem,
                sshLines.subList(Math.max(0, sshLines.size() - MOST_LINES), sshLines.size()),
                nextStep,
                false,
                Optional.empty());
    }

    /** The same failure, of a listener that another step of the job may hold. */
    TunnelFailure contestable() {
        return new TunnelFailure(problem, sshLines, nextStep, true, refused);
    }

    /** The same failure, of a forward that did not get its port. */
    TunnelFailure of(Forward forward) {
        return new TunnelFailure(problem, sshLines, nextStep, contestable, Optional.of(forward));
    }

    /** The forward whose port something else may have, if that may be what is wrong. */
    public Optional<Forward> refused() {
        return refused;
    }

    /** The same failure, of which more is known. */
    public TunnelFailure withNextStep(String step) {
        return new TunnelFailure(problem, sshLines, step, contestable, refused);
    }

    /** Whether another step of the job may hold the listener that this one did not get. */
    public boolean isContestable() {
        return contestable;
    }

    /** What the user reads. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /** The same of another undertaking, such as {@code forward not closed}. */
    public String text(String what) {
        return text(what, problem, sshLines, nextStep);
    }

    /** What is wrong, in one line. */
    public String problem() {
        return problem;
    }

    /** ssh's own words, if it had any. */
    public List<String> sshLines() {
        return sshLines;
    }

    /** What the user can do about it. */
    public String nextStep() {
        return nextStep;
    }
}
