package stunnel.testbed;

import java.util.List;
import java.util.stream.Stream;

/** A user's account on a host of the testbed, where commands can be run. */
record Account(Testbed testbed, String host, String user) {

    /** The same host as another user. */
    Account as(String otherUser) {
        return new Account(testbed, host, otherUser);
    }

    /** Runs a command to its end, with nothing to read. */
    Outcome run(String... command) {
        return start(command).outcome();
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

    private List<String> argv(String... command) {
        return Stream.concat(Stream.of(testbed.script().toString(), "on", host, "-u", user), Stream.of(command))
                .toList();
    }
}
