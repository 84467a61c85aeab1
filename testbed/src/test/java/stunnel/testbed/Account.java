package stunnel.testbed;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A user's account on a host of the testbed, where commands can be run. */
record Account(Testbed testbed, String host, String user) {
    private static final String SERVE = "/opt/testbed/serve";
    private static final String FETCH = "/opt/testbed/fetch";

    /** The same host as another user. */
    Account as(String otherUser) {
        return new Account(testbed, host, otherUser);
    }

    /** The same user on another host. */
    Account on(String otherHost) {
        return new Account(testbed, otherHost, user);
    }

    /** Runs a command to its end, with nothing to read. */
    Outcome run(String... command) {
        return start(command).outcome();
    }

    /** Runs a command line as the user would type it. */
    Outcome type(String commandLine) {
        return startTyped(commandLine).outcome();
    }

    /** Runs a shell script to its end, with {@code script} as bash's standard input. */
    Outcome bash(String script) {
        return RunningCommand.start(argv("bash", "-s"), script).outcome();
    }

    /** The standard output of a command that must succeed, without the last line's end. */
    String output(String... command) {
        Outcome outcome = run(command);
        if (outcome.exit() != 0) {
            throw new AssertionError("%s on %s: %s".formatted(List.of(command), host, outcome));
        }
        return outcome.stdout().stripTrailing();
    }

    /** Starts a command in the background. */
    RunningCommand start(String... command) {
        return RunningCommand.start(argv(command), "");
    }

    /** Starts a command line in the background; a single command there gets our signals itself. */
    RunningCommand startTyped(String commandLine) {
        return start("bash", "-c", commandLine);
    }

    /** Starts a command that reads what is {@linkplain RunningCommand#type typed} into a pipe. */
    RunningCommand startInteractive(String... command) {
        return RunningCommand.startInteractive(argv(command));
    }

    /** Starts a shell in an allocation of its own; its commands must not read what is typed after them. */
    RunningCommand startAllocation(String sallocOptions) {
        return RunningCommand.startShell(argv("bash", "-c", "exec salloc " + sallocOptions + " bash"));
    }

    /** Starts a command line on a terminal. */
    RunningCommand startOnTerminal(String commandLine) {
        return startInteractive("script", "--quiet", "--return", "--command", commandLine, "/dev/null");
    }

    /** Starts a web server, and waits until it listens on all {@code ports}. */
    RunningCommand serve(int... ports) {
        Stream<String> command =
                Stream.concat(Stream.of(SERVE), IntStream.of(ports).mapToObj(Integer::toString));
        return start(command.toArray(String[]::new)).awaitStdout("serving");
    }

    /** What the web server behind this host's {@code 127.0.0.1:port} says of itself. */
    String fetch(int port) {
        return output(FETCH, Integer.toString(port));
    }

    /** The same for another address of this host. */
    String fetch(String address, int port) {
        return output(FETCH, Integer.toString(port), address);
    }

    /** Whether a web server answers behind this host's {@code 127.0.0.1:port}. */
    boolean reaches(int port) {
        return run(FETCH, Integer.toString(port)).exit() == 0;
    }

    /** Whether anything listens on {@code port} of this host. */
    boolean listensOn(int port) {
        return !output("ss", "--no-header", "--listening", "--tcp", "--numeric", "sport = :" + port)
                .isEmpty();
    }

    /** Makes a file in the user's home, or at an absolute path. */
    void write(String path, String text) {
        Outcome outcome = RunningCommand.start(argv("tee", path), text).outcome();
        if (outcome.exit() != 0) {
            throw new AssertionError(outcome.toString());
        }
    }

    private List<String> argv(String... command) {
        return Stream.concat(Stream.of(testbed.script().toString(), "on", host, "-u", user), Stream.of(command))
                .toList();
    }
}
