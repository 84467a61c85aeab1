package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One job with a tunnel, what happens to it, and the end of both. Its processes are known by a variable that all of them
 * inherit, and that means nothing to any: a ticket cache that is not there.
 */
final class SoakSession {
    /** How a far socket's name ends. */
    private static final String FAR = ".far";

    private static final int FIRST_PORT = 20000;
    private static final int PORTS = 10;
    private static final int MOST_AT_A_TIME = 1000;

    /** Somewhat longer than a tunnel takes to come up. */
    private static final int EARLY_MILLIS = 1500;

    /** About as long as a lost one takes to come back. */
    private static final int SOON_MILLIS = 1000;

    private static final String FUNCTIONS = """
            marked() {
                grep -lszx KRB5CCNAME=%s /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do
                    [[ " $* " != *" $(cat "/proc/$pid/comm" 2>/dev/null) "* ]] || echo "$pid"
                done
            }
            """;

    private final Testbed testbed;
    private final Account alice;
    private final SoakKind kind;
    private final List<Happening> happenings;
    private final String name;
    private final String node;
    private final String spec;
    private final String commandLine;
    private final String task;
    private final int port;
    private final int service;

    /** The one that ends before the others. */
    private final int step;

    private Optional<RunningCommand> client = Optional.empty();

    /** A fault, and how long after the one before. */
    private record Happening(SoakFault fault, Duration pause, boolean whenUp) {
        @Override
        public String toString() {
            return (whenUp ? "once up, " : "") + pause.toMillis() + " ms: " + fault;
        }
    }

    SoakSession(Testbed testbed, int number, Random random) {
        this.testbed = testbed;
        alice = testbed.alice();
        kind = pick(List.of(SoakKind.values()), random);
        name = "soak" + number;
        node = random.nextBoolean() ? "cn1" : "cn2";
        port = FIRST_PORT + PORTS * (number % MOST_AT_A_TIME);
        service = port + PORTS - 1;
        spec = kind.spec(name, port, service, random);
        happenings = happenings(kind, spec, random);
        step = random.nextInt(2);
        task = "sleep 600." + number;
        String other = name + "=L" + (port + 5) + ":" + service;
        commandLine = "KRB5CCNAME=" + name + " " + kind.commandLine(name, node, spec, other, task);
    }

    private static List<Happening> happenings(SoakKind kind, String spec, Random random) {
        // Who is killed with his script leaves his far socket in the way of the next run.
        boolean canBeRequeued = !kind.isOfSrunInScript() || !spec.contains(FAR);
        List<SoakFault> all = Stream.of(SoakFault.values())
                .filter(fault -> fault.isFor(kind))
                .filter(fault -> fault != SoakFault.JOB_REQUEUED || canBeRequeued)
                .toList();
        if (random.nextInt(3) == 0) {
            List<SoakFault> early = all.stream()
                    .filter(fault -> !fault.isLoss() || fault == SoakFault.SSH_KILLED)
                    .toList();
            return List.of(happening(pick(early, random), EARLY_MILLIS, false, random));
        }
        List<SoakFault> losses = all.stream().filter(SoakFault::isLoss).toList();
        List<SoakFault> ends =
                all.stream().filter(fault -> fault.isLate() && !fault.isLoss()).toList();
        List<Happening> happenings = new ArrayList<>();
        for (int loss = random.nextInt(6) - 3; loss > 0; loss--) {
            boolean whenUp = happenings.isEmpty() || random.nextBoolean();
            happenings.add(happening(pick(losses, random), SOON_MILLIS, whenUp, random));
        }
        boolean whenUp = happenings.isEmpty() || random.nextBoolean();
        happenings.add(happening(pick(ends, random), whenUp ? 1 : SOON_MILLIS, whenUp, random));
        return happenings;
    }

    private static Happening happening(SoakFault fault, int millis, boolean whenUp, Random random) {
        return new Happening(fault, Duration.ofMillis(random.nextInt(millis)), whenUp);
    }

    private static <T> T pick(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }

    /** What to call it in a report. */
    String title() {
        return kind + " on " + node + ", " + spec + ", " + happenings + (kind.hasManySteps() ? ", step " + step : "");
    }

    /** Fails if the tunnel does not carry, does not come back, does not end, or leaves something. */
    void run() {
        try (RunningCommand server1 = alice.on("cn1").serve(service);
                RunningCommand server2 = alice.on("cn2").serve(service);
                RunningCommand command =
                        kind.isOnTerminal() ? alice.startOnTerminal(commandLine) : alice.startTyped(commandLine)) {
            client = Optional.of(command);
            try {
                for (Happening happening : happenings) {
                    if (happening.whenUp) {
                        awaitTunnel();
                    }
                    LockSupport.parkNanos(happening.pause.toNanos());
                    happening.fault.happenTo(this);
                }
                Await.until("it ends", this::isOver);
                Await.until("nothing is left", this::isGone);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "%s%n  %s%n  jobs: %s%n  left: %s%n  stdout: %s%n  stderr: %s"
                                .formatted(
                                        title(),
                                        e.getMessage(),
                                        jobs("%A %T %R"),
                                        left(),
                                        command.stdout(),
                                        command.stderr()),
                        e);
            }
        }
    }

    private RunningCommand client() {
        return client.orElseThrow();
    }

    private void awaitTunnel() {
        Await.until("the tunnel carries", () -> carries() || !client().isRunning());
        assertThat(carries()).as("the tunnel carries").isTrue();
    }

    /** Whether as many tunnels as there should be are up, and the first forwards of all lead to their service. */
    private boolean carries() {
        List<String> listeners = kind.hosts().stream()
                .flatMap(host -> bash(host, """
                        for state in /tmp/stunnel-*/state; do
                            ! grep -qszx state=up "$state" || ! grep -qsz '^spec=%s=' "$state" ||
                                tr '\\0' '\\n' <"$state" | sed -n 's/^env=STUNNEL_0_\\(LISTEN\\|HOST\\)=//p' | paste -sd ' '
                        done""".formatted(name)))
                // Nothing, of one that went between the two looks.
                .filter(listener -> listener.contains(" "))
                .toList();
        return listeners.size() >= kind.tunnels() && listeners.stream().allMatch(this::leadsToTheService);
    }

    private boolean leadsToTheService(String listener) {
        String[] portAndHost = listener.split(" ", -1);
        Outcome outcome = alice.on(portAndHost[1]).run("/opt/testbed/fetch", portAndHost[0]);
        return outcome.stdout().matches("hello from cn[12]:" + service + "\n");
    }

    private Stream<String> bash(String host, String script) {
        return testbed.host(host)
                .bash(FUNCTIONS.formatted(name) + script)
                .stdout()
                .lines();
    }

    private void everywhere(String script) {
        Testbed.HOSTS.forEach(host -> bash(host, script));
    }

    void signal(String signal, String... programs) {
        everywhere("kill -" + signal + " $(marked " + String.join(" ", programs) + ")");
    }

    void signalClient(String... signals) {
        if (kind.isOnTerminal() && signals[0].equals("HUP")) {
            client().kill(); // the terminal
        }
        bash(
                "login",
                Arrays.stream(signals)
                        .map(signal -> "kill -" + signal + " $(marked " + kind.client() + " | head -n 1)")
                        .collect(Collectors.joining("\n")));
    }

    /** The process of sshd that has the other end of the connection. */
    void killServer() {
        String ports = kind.hosts().stream()
                .flatMap(host -> bash(host, """
                        for pid in $(marked ssh); do
                            ss --no-header --tcp --numeric --processes state established dport = :22 |
                                sed -n "s/^[^:]*:\\([0-9]*\\) .*pid=$pid,.*/\\1/p; s/^.*:\\([0-9]*\\) [^:]*:22 .*pid=$pid,.*/\\1/p"
                        done"""))
                .distinct()
                .collect(Collectors.joining(" "));
        everywhere("""
                for port in %s; do
                    kill -KILL $(ss --no-header --tcp --numeric --processes state established sport = :22 and dport = :$port |
                        grep -o 'pid=[0-9]*' | cut -d= -f2)
                done""".formatted(ports));
    }

    void killStepDaemons() {
        for (String job : jobs()) {
            everywhere("pkill -KILL --full '^slurmstepd: \\[" + job + "\\.'");
        }
    }

    void control(String... verbs) {
        for (String verb : verbs) {
            for (String job : jobs()) {
                testbed.host("login").run("scontrol", verb, job);
            }
        }
    }

    void endStep() {
        everywhere("""
                for pid in $(marked sleep); do
                    ! grep -qszx SLURM_STEP_ID=%d "/proc/$pid/environ" || kill "$pid"
                done""".formatted(step));
    }

    void cancel() {
        alice.run("scancel", "--name=" + name);
    }

    void endTasks() {
        everywhere("pkill --full '^([^ ]*/)?" + task + "$'");
    }

    private List<String> jobs() {
        return jobs("%A");
    }

    private List<String> jobs(String format) {
        return alice.output("squeue", "--noheader", "--name=" + name, "--format=" + format)
                .lines()
                .toList();
    }

    /** Whether the job is over, whatever has become of it; it may not even have been submitted before. */
    private boolean isOver() {
        if (last() != SoakFault.TASKS_ENDED) {
            cancel();
        }
        if (last() == SoakFault.TASKS_ENDED || last() == SoakFault.STEP_DAEMON_KILLED) {
            endTasks();
        }
        // Whoever waits for a batch job looks after it every 32 seconds.
        return (!client().isRunning() || client().stdout().contains("Submitted")) && jobs().isEmpty();
    }

    /** Whether nothing is left, but for what nobody of ours can remove; that goes as its user would have it go. */
    private boolean isGone() {
        if (mayLeaveItsSsh()) {
            signal("KILL", "ssh");
        }
        if (mayLeaveFarSockets()) {
            everywhere("rm -f /tmp/" + name + ".far");
        }
        if (Testbed.HOSTS.stream().anyMatch(host -> directoriesThatMayStay(host) > 0)) {
            everywhere("rm -f /tmp/" + name + ".near");
        }
        return left().isEmpty();
    }

    /** On the submit host nobody else than these two ends it. */
    private boolean mayLeaveItsSsh() {
        return !kind.isOnNode() && last() == SoakFault.KEEPER_AND_SRUN_KILLED;
    }

    /** ssh removes them, and the keeper has it do that; with a step of salloc that is cancelled or hung up, Slurm kills both. */
    private boolean mayLeaveFarSockets() {
        return kind.isOfSrunInScript()
                || (kind.isOfSalloc() && last() != SoakFault.TASKS_ENDED)
                || happenings.stream().anyMatch(happening -> happening.fault.isHardOnSsh());
    }

    /** How many directories may stay on a host until its user's next tunnel there. */
    int directoriesThatMayStay(String host) {
        if (mayLeaveItsSsh()) {
            return host.equals("login") ? 1 : 0;
        }
        if (!kind.isOfSrunInScript() || !host.equals(kind == SoakKind.SRUN_IN_A_SCRIPT ? node : "cn1")) {
            return 0;
        }
        // It is killed with its script: while it opens its tunnel, or where its step's slurmstepd is on another host.
        return (int) IntStream.range(-1, happenings.size())
                .filter(i -> i < 0 || happenings.get(i).fault == SoakFault.JOB_REQUEUED)
                .filter(i -> kind != SoakKind.SRUN_IN_A_SCRIPT
                        || (i + 1 < happenings.size() && !happenings.get(i + 1).whenUp))
                .count();
    }

    private SoakFault last() {
        return happenings.get(happenings.size() - 1).fault;
    }

    /** What is there of a tunnel, apart from its directory. */
    private List<String> left() {
        String script = """
                for pid in $(marked ssh java stunnel-keeper); do
                    echo "%1$s:" $(ps -o stat= "$pid") $(tr '\\0' ' ' <"/proc/$pid/cmdline")
                done
                for port in $(ss --no-header --listening --tcp --numeric | awk '{ sub(/.*:/, "", $4); print $4 }'); do
                    [ "$port" -lt %2$d ] || [ "$port" -ge %3$d ] || echo "%1$s: port $port"
                done
                ls /tmp/%4$s.* 2>/dev/null | sed 's/^/%1$s: /'
                """;
        return Testbed.HOSTS.stream()
                .flatMap(host -> bash(host, script.formatted(host, port, service, name)))
                .toList();
    }
}
