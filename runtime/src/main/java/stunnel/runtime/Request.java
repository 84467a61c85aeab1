package stunnel.runtime;

import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Width;
import stunnel.plan.Origin;

/** What the keeper asks; each request carries all of its facts. */
sealed interface Request {

    /** What every request says. */
    Facts facts();

    /**
     * Judge what the user typed.
     *
     * @param host the one this is asked on, if the keeper says so
     * @param width of the terminal where it was typed
     * @param isEarly whether the tunnel is wanted before anybody waits for the verdict
     */
    record Check(Facts facts, Optional<String> host, Width width, boolean isEarly) implements Request {}

    /**
     * Open the tunnel.
     *
     * @param job Slurm's job id
     * @param step which of its steps, as Slurm writes it; empty if that is not told
     * @param target what ssh connects to: a host, or the first one of a hostlist expression
     * @param host the name of the host that this runs on
     * @param isHeterogeneous whether the step is one of several that differ
     * @param login what the keeper has begun with
     */
    record Open(
            Facts facts,
            String job,
            String step,
            String target,
            String host,
            boolean isHeterogeneous,
            Optional<Login> login)
            implements Request {}

    /**
     * The facts that both need.
     *
     * @param origin the command that was given the option
     * @param isAllocator whether that command is asking, on a host that will be the tunnel's target
     * @param spec the value of {@code --tunnel}
     * @param options the plugin's options in plugstack.conf
     * @param prefix where the plugin is installed
     * @param uid the job's user
     */
    record Facts(Origin origin, boolean isAllocator, String spec, List<String> options, String prefix, int uid) {
        boolean isPrivileged() {
            return uid == 0;
        }

        /** Field by field: a record's own equals is linked at run time, while a user waits. */
        boolean isSame(Facts other) {
            return origin == other.origin
                    && isAllocator == other.isAllocator
                    && uid == other.uid
                    && spec.equals(other.spec)
                    && options.equals(other.options)
                    && prefix.equals(other.prefix);
        }
    }

    static Request of(Message message) throws MalformedMessageException {
        String name = message.required("request");
        Facts facts = facts(message);
        return switch (name) {
            case "check" ->
                new Check(
                        facts,
                        message.optional("host"),
                        width(message),
                        message.optional("early").isPresent());
            case "open" ->
                new Open(
                        facts,
                        message.required("job"),
                        message.optional("step").orElse(""),
                        target(message),
                        message.required("host"),
                        message.optional("heterogeneous").isPresent(),
                        Login.of(message));
            default -> throw new MalformedMessageException("request " + name + " is not known");
        };
    }

    private static Facts facts(Message message) throws MalformedMessageException {
        String origin = message.required("origin");
        Optional<Origin> command = Origin.of(origin);
        if (command.isEmpty()) {
            throw new MalformedMessageException("origin " + origin + " is not known");
        }
        return new Facts(
                command.get(),
                isAllocator(message.required("context")),
                message.required("spec"),
                message.all("option"),
                message.required("prefix"),
                number("uid", message.required("uid")));
    }

    private static boolean isAllocator(String context) throws MalformedMessageException {
        return switch (context) {
            case "allocator" -> true;
            case "local", "remote" -> false;
            default -> throw new MalformedMessageException("context " + context + " is not known");
        };
    }

    private static String target(Message message) throws MalformedMessageException {
        Optional<String> target = message.optional("target");
        if (target.isPresent()) {
            return target.get();
        }
        String nodes = message.required("nodes");
        Optional<String> first = HostList.first(nodes);
        if (first.isEmpty()) {
            throw new MalformedMessageException("nodes " + nodes + " is not a hostlist");
        }
        return first.get();
    }

    private static Width width(Message message) throws MalformedMessageException {
        Optional<String> columns = message.optional("columns");
        return columns.isEmpty() ? Width.ANY : new Width(Math.max(0, number("columns", columns.get())));
    }

    /** A uid is unsigned; Java's int holds the same bits. */
    private static int number(String key, String text) throws MalformedMessageException {
        try {
            return Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw new MalformedMessageException(key + " " + text + " is not a number");
        }
    }
}
