package stunnel.runtime.ssh;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;
import stunnel.plan.Policy;
import stunnel.plan.TunnelPlan;
import stunnel.runtime.posix.PosixException;

/**
 * Adds the forwards of a plan to a master. A free port is chosen where it is bound: for R by sshd, which tells it; for L and D by
 * trying one after the other, since only a bind that succeeds shows that a port was free.
 */
public final class PortForwarding {
    /** An ssh that was told to be quiet does not say that a port is taken: so often it is believed to be the reason. */
    private static final int BLIND_TRIES = 20;

    /** For a host to answer that it knows nothing of a connection; a server that somebody uses may keep one open for ever. */
    private static final Duration KNOCK = Duration.ofSeconds(1);

    private final Master master;
    private final Routes routes;
    private final Policy policy;
    private final FreePorts here;
    private final FreePorts there;
    private final List<Forward> wanted;
    /** As they are asked for: with a port to try for each that is free to choose. */
    private final List<Forward> asked = new ArrayList<>();

    /** Those whose port may have been held by a session that was dead, and was let know. */
    private final Set<Integer> knocked = new HashSet<>();

    private int blindTries;

    /** Nothing is asked for yet. */
    public PortForwarding(Master master, Routes routes, Policy policy) {
        this.master = master;
        this.routes = routes;
        this.policy = policy;
        this.wanted = routes.plan().forwards();
        Set<Integer> takenHere = new HashSet<>();
        Set<Integer> takenThere = new HashSet<>();
        boolean choice = false;
        for (Forward forward : wanted) {
            boolean remote = forward.direction() == Direction.REMOTE;
            if (forward.listener() instanceof Listener.Tcp tcp) {
                (remote ? takenThere : takenHere).add(tcp.port());
            }
            choice |= !remote && isChosenHere(forward);
        }
        if (choice) {
            takenHere.addAll(ListeningPorts.now());
        }
        this.here = new FreePorts(policy.autoPorts(), takenHere, new Random());
        this.there = new FreePorts(policy.autoPorts(), takenThere, new Random());
    }

    /** Of R only when a site allows so few ports that sshd may not choose. */
    private boolean isChosenHere(Forward forward) {
        boolean remote = forward.direction() == Direction.REMOTE;
        return forward.listener() instanceof Listener.Auto && !(remote && policy.leavesPortToServer());
    }

    /** Returns the plan with the ports that were chosen; all of its forwards stand. */
    public TunnelPlan open(Deadline deadline) throws TunnelFailure, PosixException {
        for (Forward forward : wanted) {
            asked.add(isChosenHere(forward) ? withNextPort(forward) : forward);
        }
        while (true) {
            SshRuns.Reply reply = master.add(asked, deadline);
            if (reply.outcome().isSuccess()) {
                return new TunnelPlan(routes.plan().origin(), withPortsOf(reply));
            }
            replaceTaken(reply.outcome(), deadline);
        }
    }

    /**
     * Takes other ports where the one that was tried is taken. A port of the other host's that has to be this one is tried once more: the
     * sshd of a job that ran before may hold it for a client that died with its host. Any other reason is the end.
     */
    private void replaceTaken(SshProcess.Outcome outcome, Deadline deadline) throws TunnelFailure, PosixException {
        List<String> words = master.words();
        Optional<Forward> refused = ForwardProblem.named(fixed(), words);
        boolean replaced = false;
        for (int i = 0; i < wanted.size() && refused.isEmpty() && !outcome.expired(); i++) {
            if (isChosenHere(wanted.get(i)) && ForwardProblem.isTaken(asked.get(i), words)) {
                asked.set(i, withNextPort(wanted.get(i)));
                replaced = true;
            }
        }
        if (replaced) {
            return;
        }
        if (refused.isEmpty() && !outcome.expired()) {
            refused = firstRefused(deadline);
        }
        if (refused.isEmpty()) {
            throw ConnectProblem.failure(
                    routes, "did not add the forwards: it " + outcome.text(), SshWords.ofLog(words));
        }
        int index = asked.indexOf(refused.get());
        words = master.words();
        if (isChosenHere(wanted.get(index)) && !ForwardProblem.tellReason(words) && blindTries++ < BLIND_TRIES) {
            asked.set(index, withNextPort(wanted.get(index)));
            return;
        }
        if (!isChosenHere(wanted.get(index))
                && knocked.add(index)
                && master.knock(asked.get(index), deadline.orAfter(KNOCK))) {
            return;
        }
        throw ForwardProblem.failure(routes, wanted.get(index), words);
    }

    /** Those that have no choice. */
    private List<Forward> fixed() {
        List<Forward> fixed = new ArrayList<>();
        for (Forward forward : wanted) {
            if (!isChosenHere(forward)) {
                fixed.add(forward);
            }
        }
        return fixed;
    }

    /** Asks one by one; those that stand already are accepted once more. Empty when it is the master that fails. */
    private Optional<Forward> firstRefused(Deadline deadline) throws TunnelFailure, PosixException {
        for (Forward forward : asked) {
            if (!master.add(List.of(forward), deadline).outcome().isSuccess()) {
                return master.answers(deadline) ? Optional.of(forward) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private Forward withNextPort(Forward forward) throws TunnelFailure {
        OptionalInt port = (forward.direction() == Direction.REMOTE ? there : here).next();
        if (port.isEmpty()) {
            throw TunnelFailure.of(
                    "forward " + routes.spec(forward) + " ("
                            + routes.of(forward).text() + "): no port of "
                            + policy.autoPorts().text() + " is free on "
                            + routes.of(forward).listeningHost(),
                    "try again later, or name a port yourself; the administrator can widen policy.auto-ports");
        }
        return withPort(forward, port.getAsInt());
    }

    /** Of the ports that sshd chose, one is in each line, in the order of the forwards. */
    private List<Forward> withPortsOf(SshRuns.Reply reply) throws TunnelFailure {
        List<Forward> standing = new ArrayList<>();
        int line = 0;
        for (Forward forward : asked) {
            if (!(forward.listener() instanceof Listener.Auto)) {
                standing.add(forward);
                continue;
            }
            Optional<Integer> port =
                    line < reply.lines().size() ? port(reply.lines().get(line)) : Optional.empty();
            if (port.isEmpty()) {
                throw ConnectProblem.failure(
                        routes, "did not tell the ports that sshd chose", SshWords.ofLog(reply.lines()));
            }
            standing.add(withPort(forward, port.get()));
            line++;
        }
        return standing;
    }

    private static Optional<Integer> port(String line) {
        try {
            return Optional.of(Integer.valueOf(line));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Forward withPort(Forward forward, int port) {
        Host bind = ((Listener.Auto) forward.listener()).bind();
        return new Forward(forward.name(), forward.direction(), new Listener.Tcp(bind, port), forward.destination());
    }
}
