package stunnel.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Source;
import stunnel.parser.TunnelCompiler;
import stunnel.plan.TunnelPlan;
import stunnel.runtime.ssh.HostName;
import stunnel.runtime.ssh.Obstacle;
import stunnel.runtime.ssh.Routes;

/**
 * What is known of one tunnel by its control directory.
 *
 * @param directory its path
 * @param uid whose it is
 * @param status how the tunnel is
 * @param details what its keeper wrote; empty while it has written nothing
 */
public record TunnelReport(String directory, int uid, Status status, Optional<Details> details) {
    /** As many as a keeper writes of ssh's words. */
    private static final int MOST_WORDS = 4096;

    /** How a tunnel can be. */
    public enum Status {
        /** ssh is being started. */
        OPENING,
        /** It carries connections. */
        UP,
        /** It was lost, and is opened again. */
        RECONNECTING,
        /** Nobody looks after it any more: a directory that was left behind. */
        STALE
    }

    /**
     * What a keeper writes.
     *
     * @param since when it came up, or was lost
     * @param obstacle what keeps a lost one from coming back, in one line, if ssh said so
     * @param reconnects how often it was lost
     * @param keeper the keeper's pid
     * @param job Slurm's job id
     * @param step its number, batch or interactive
     * @param routes what reaches what
     */
    public record Details(
            Instant since,
            Optional<String> obstacle,
            int reconnects,
            int keeper,
            String job,
            String step,
            Routes routes) {

        /** As users name it: {@code 812.0}. */
        public String id() {
            return step.isEmpty() ? job : job + "." + step;
        }

        /** Whether users mean this one by {@code 812}, or by {@code 812.0}. */
        public boolean isMeantBy(String name) {
            return job.equals(name) || id().equals(name);
        }
    }

    /** The user's name, or number if the host has none. */
    public String user() {
        try {
            return Files.getOwner(Path.of(directory)).getName();
        } catch (IOException e) {
            return Integer.toUnsignedString(uid);
        }
    }

    /** The command that leads there from the user's own computer; empty for one that is not, or is left behind. */
    public Optional<String> laptopLine(Optional<String> loginHost) {
        boolean alive = status == Status.UP || status == Status.RECONNECTING;
        return alive && details.isPresent()
                ? LaptopLine.of(
                        details.get().routes(), new RunningProcess(details.get().keeper()), user(), loginHost)
                : Optional.empty();
    }

    static Details details(Message state) throws MalformedMessageException {
        if (!(Request.of(state) instanceof Request.Open request)) {
            throw new MalformedMessageException("the state of no tunnel");
        }
        // As it was opened, so whatever the policy is by now, and whoever looks at it.
        Source plan = new Source("plan", state.required("plan"));
        Optional<TunnelPlan> opened =
                TunnelCompiler.compile(plan, request.facts().origin(), true).plan();
        if (opened.isEmpty()) {
            throw new MalformedMessageException("plan " + plan.text() + " is none");
        }
        // Root looks at it too, on a terminal.
        String step = state.optional("step").orElse("");
        for (String name : List.of(request.job(), request.host(), request.target(), step)) {
            if (!name.isEmpty() && !HostName.isSafe(name)) {
                throw new MalformedMessageException("a name that is none");
            }
        }
        Routes routes = new Routes(opened.get(), request.host(), request.target());
        return new Details(
                since(state),
                obstacle(state, routes),
                (int) number(state, "reconnects"),
                (int) number(state, "keeper"),
                request.job(),
                step,
                routes);
    }

    /** Each line is compared with each forward: more than a keeper's words would hold up whoever looks at it. */
    private static Optional<String> obstacle(Message state, Routes routes) throws MalformedMessageException {
        String words = state.optional("reason").orElse("");
        if (words.length() > MOST_WORDS) {
            throw new MalformedMessageException("a reason that is too long");
        }
        return Obstacle.of(routes, words);
    }

    private static Instant since(Message state) throws MalformedMessageException {
        long seconds = number(state, "since");
        if (seconds < 0 || seconds > Instant.MAX.getEpochSecond()) {
            throw new MalformedMessageException("since " + seconds + " is no time");
        }
        return Instant.ofEpochSecond(seconds);
    }

    static Status status(Message state) throws MalformedMessageException {
        String name = state.required("state");
        return switch (name) {
            case "up" -> Status.UP;
            case "reconnecting" -> Status.RECONNECTING;
            default -> throw new MalformedMessageException("state " + name + " is not known");
        };
    }

    private static long number(Message state, String field) throws MalformedMessageException {
        String text = state.required(field);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedMessageException(field + " " + text + " is not a number");
        }
    }
}
