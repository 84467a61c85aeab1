package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One job with a tunnel, one thing that happens to it, and the end of both. Ports and job name are its own. */
final class SoakSession {
    private static final int FIRST_PORT = 20000;

    /** About as long as a tunnel takes to come up. */
    private static final int EARLY_MILLIS = 800;

    private final Account alice;
    private final Account owner;
    private final Account node;
    private final Kind kind;
    private final Fault fault;
    private final Duration moment;
    private final String name;
    private final String spec;
    private final int listen;
    private final int service;

    /** How a user asks for a tunnel. */
    enum Kind {
        SRUN("srun -J %1$s -w %2$s --tunnel %3$s %4$s"),
        SRUN_ON_A_TERMINAL("srun --pty -J %1$s -w %2$s --tunnel %3$s %4$s"),
        SBATCH("sbatch --wait -J %1$s -w %2$s -o /dev/null --tunnel %3$s --wrap 'exec %4$s'"),
        SALLOC("salloc -J %1$s -w %2$s --tunnel %3$s srun %4$s"),
        SRUN_IN_A_SCRIPT("sbatch --wait -J %1$s -w %2$s -o /dev/null --wrap 'srun --tunnel %3$s %4$s'");

        private final String commandLine;

        Kind(String commandLine) {
            this.commandLine = commandLine;
        }

        /** Whether ssh runs on the submit host. */
        boolean isOwnedByClient() {
            return this == SRUN || this == SRUN_ON_A_TERMINAL;
        }
    }

    /** What happens; the last two before the tunnel is up, perhaps. */
    enum Fault {
        NONE,
        JOB_CANCELLED,
        CLIENT_TERMINATED,
        CLIENT_KILLED,
        KEEPER_KILLED,
        SSH_KILLED,
        SSH_STOPPED,
        KEEPER_AND_SSH_KILLED,
        CANCELLED_EARLY,
        CLIENT_KILLED_EARLY;

        boolean isEarly() {
            return this == CANCELLED_EARLY || this == CLIENT_KILLED_EARLY;
        }
    }

    SoakSession(Testbed testbed, int number, Random random) {
        kind = pick(Kind.values(), random);
        fault = pick(Fault.values(), random);
        moment = Duration.ofMillis(random.nextInt(EARLY_MILLIS));
        listen = FIRST_PORT + 2 * number;
        service = listen + 1;
        name = "soak" + number;
        spec = listen + ":" + service;
        alice = testbed.alice();
        node = testbed.host(random.nextBoolean() ? "cn1" : "cn2");
        owner = kind.isOwnedByClient() ? testbed.host("login") : node;
    }

    private static <T> T pick(T[] values, Random random) {
        return values[random.nextInt(values.length)];
    }

    /**
     * Whether this one may leave its control directory to the user's next tunnel: an srun that is killed with the
     * script around it, while it opens its tunnel, has nobody left who could remove that.
     */
    boolean mayLeaveItsDirectory() {
        return kind == Kind.SRUN_IN_A_SCRIPT && fault.isEarly();
    }

    /** What to call it in a report. */
    String title() {
        return name + " " + kind + " " + fault;
    }

    /** Fails if the tunnel does not carry, does not come back, does not end, or leaves something. */
    void run() {
        String command = kind.commandLine.formatted(name, node.host(), spec, "/opt/testbed/serve " + service);
        try (RunningCommand client =
                kind == Kind.SRUN_ON_A_TERMINAL ? alice.startOnTerminal(command) : alice.startTyped(command)) {
            if (fault.isEarly()) {
                LockSupport.parkNanos(moment.toNanos());
            } else {
                awaitTunnel(client);
            }
            happen(client);
            end(client);
        }
        Await.until(
                title() + " left no tunnel",
                () -> state().isEmpty() && !listener().listensOn(listen));
    }

    private void awaitTunnel(RunningCommand client) {
        Account listener = listener();
        Await.until(title() + " has its tunnel", () -> listener.reaches(listen) || !client.isRunning());
        assertThat(listener.fetch(listen)).as(title()).isEqualTo("hello from " + node.host() + ":" + service);
    }

    /** The host with the listening end. */
    private Account listener() {
        return kind == Kind.SRUN_IN_A_SCRIPT ? alice.on(node.host()) : alice;
    }

    private void happen(RunningCommand client) {
        switch (fault) {
            case NONE -> node.run("pkill", "--full", "^/opt/testbed/serve " + service);
            case JOB_CANCELLED, CANCELLED_EARLY -> cancel();
            case CLIENT_TERMINATED -> client.terminate();
            case CLIENT_KILLED, CLIENT_KILLED_EARLY -> client.kill();
            case KEEPER_KILLED -> signal("KILL", "keeper");
            case SSH_KILLED -> {
                signal("KILL", "pid");
                awaitTunnel(client);
            }
            case SSH_STOPPED -> signal("STOP", "pid");
            case KEEPER_AND_SSH_KILLED -> signal("KILL", "keeper", "pid");
        }
    }

    /** Of several, the keeper first: what it has left is then the owner's. */
    private void signal(String signal, String... whom) {
        Map<String, String> state = state();
        String pids =
                Stream.of(whom).map(process -> state.getOrDefault(process, "")).collect(Collectors.joining(" "));
        owner.type("kill -" + signal + " " + pids);
    }

    /** What the keeper says of this tunnel; empty when there is none. */
    private Map<String, String> state() {
        String script = "for state in /tmp/stunnel-*/state; do\n" + "grep -qszx spec=" + spec
                + " \"$state\" && tr '\\0' '\\n' <\"$state\" &&\n"
                + "echo pid=$(pgrep --full -- \"-S ${state%state}ctl\" | tr '\\n' ' ')\ndone\n";
        return owner.bash(script)
                .stdout()
                .lines()
                .filter(line -> line.contains("="))
                .map(line -> line.split("=", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1], (first, second) -> first));
    }

    private void cancel() {
        alice.output("scancel", "--name=" + name);
    }

    /** The job is over, whatever has become of it; it may not even have been submitted before. */
    private void end(RunningCommand client) {
        Await.until(title() + " ends", () -> {
            if (fault != Fault.NONE) {
                cancel();
            }
            return !client.isRunning()
                    && alice.output("squeue", "--noheader", "--name=" + name).isEmpty();
        });
    }
}
