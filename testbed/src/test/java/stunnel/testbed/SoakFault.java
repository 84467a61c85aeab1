package stunnel.testbed;

import java.util.function.Consumer;
import java.util.function.Predicate;

/** What can happen to a session, and to which kinds of them. */
@SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
enum SoakFault {
    SSH_KILLED(Outcome.LOSS, kind -> true, session -> session.signal("KILL", "ssh")),
    SERVER_KILLED(Outcome.LOSS, kind -> true, SoakSession::killServer),
    JOB_SUSPENDED(Outcome.LOSS, kind -> true, session -> session.control("suspend", "resume")),
    JOB_REQUEUED(Outcome.LOSS, SoakKind::isOfBatchJob, session -> session.control("requeue")),
    STEP_ENDED(Outcome.LOSS, SoakKind::hasManySteps, SoakSession::endStep),

    TASKS_ENDED(Outcome.END, kind -> true, SoakSession::endTasks),
    JOB_CANCELLED(Outcome.END, kind -> true, SoakSession::cancel),
    CANCELLED_IN_SUSPENSION(Outcome.END, kind -> true, session -> session.control("suspend")),
    CLIENT_TERMINATED(Outcome.END, kind -> true, session -> session.signalClient("TERM")),
    CLIENT_HUNG_UP(Outcome.END, kind -> true, session -> session.signalClient("HUP")),
    CLIENT_KILLED(Outcome.END, kind -> true, session -> session.signalClient("KILL")),
    /** Not on a terminal: script(1) stops itself together with what it runs. */
    CLIENT_STOPPED_AND_KILLED(
            Outcome.END, kind -> !kind.isOnTerminal(), session -> session.signalClient("STOP", "KILL")),
    SRUN_KILLED(Outcome.END, SoakKind::isOfSrun, session -> session.signal("KILL", "srun")),
    KEEPER_KILLED(Outcome.END, kind -> true, session -> session.signal("KILL", "stunnel-keeper")),
    SSH_STOPPED(Outcome.END, kind -> true, session -> session.signal("STOP", "ssh")),
    KEEPER_AND_SSH_KILLED(Outcome.END, kind -> true, session -> session.signal("KILL", "stunnel-keeper", "ssh")),
    KEEPER_AND_SRUN_KILLED(
            Outcome.END, SoakKind::isOfSrun, session -> session.signal("KILL", "stunnel-keeper", "srun")),
    STEP_DAEMON_KILLED(Outcome.END, kind -> true, SoakSession::killStepDaemons),

    JAVA_KILLED(Outcome.EARLY_END, kind -> true, session -> session.signal("KILL", "java"));

    /** What becomes of the tunnel. */
    enum Outcome {
        /** It comes back. */
        LOSS,
        END,
        /** The same, of what there is only until the tunnel stands. */
        EARLY_END
    }

    private final Outcome outcome;
    private final Predicate<SoakKind> kinds;
    private final Consumer<SoakSession> happening;

    SoakFault(Outcome outcome, Predicate<SoakKind> kinds, Consumer<SoakSession> happening) {
        this.outcome = outcome;
        this.kinds = kinds;
        this.happening = happening;
    }

    boolean isFor(SoakKind kind) {
        return kinds.test(kind);
    }

    boolean isLoss() {
        return outcome == Outcome.LOSS;
    }

    /** Whether it can happen to a tunnel that stands. */
    boolean isLate() {
        return outcome != Outcome.EARLY_END;
    }

    /**
     * Whether ssh, or the keeper that would have it clean up, does not get to that; it may be on its way back only. What Slurm
     * was to suspend it may still stop when it was to resume it.
     */
    boolean isHardOnSsh() {
        return switch (this) {
            case SSH_KILLED,
                    SERVER_KILLED,
                    JOB_SUSPENDED,
                    CANCELLED_IN_SUSPENSION,
                    SSH_STOPPED,
                    KEEPER_KILLED,
                    KEEPER_AND_SSH_KILLED,
                    KEEPER_AND_SRUN_KILLED,
                    JAVA_KILLED -> true;
            default -> false;
        };
    }

    void happenTo(SoakSession session) {
        happening.accept(session);
    }
}
