package stunnel.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a page of the documentation has its reader do. */
sealed interface Step {
    /** Types commands into a terminal; the last of them has this exit status, the others 0. */
    record Session(String place, List<Command> commands, int exit) implements Step {}

    /** Has a file, in the home of alice unless the path is absolute. */
    record WrittenFile(String path, String text) implements Step {}

    /** Has a program that the testbed lacks; this command runs in its place. */
    record StandIn(String name, String command) implements Step {}

    /** Has a server in reach that the testbed lacks; a small web server is in its place. */
    record Served(String host, String port) implements Step {}

    /** Opens http://localhost:PORT in a browser on a host. */
    record Reached(String place, String host, String port) implements Step {}

    /** A command as it is typed, perhaps on several lines, and the lines that it shows. */
    record Command(String user, String host, String sign, List<String> typed, List<String> shown) {
        private static final Pattern PROMPT = Pattern.compile("\\[(\\w+)@(\\w+)\\]([$#]) (.*)");
        private static final String CONTINUED = "> ";

        /** The commands of a session, in order; none if it does not begin with a prompt. */
        static List<Command> all(List<String> lines) {
            List<Command> commands = new ArrayList<>();
            for (String line : lines) {
                Matcher prompt = PROMPT.matcher(line);
                if (prompt.matches()) {
                    commands.add(new Command(
                            prompt.group(1),
                            prompt.group(2),
                            prompt.group(3),
                            new ArrayList<>(List.of(prompt.group(4))),
                            new ArrayList<>()));
                } else if (commands.isEmpty()) {
                    return List.of();
                } else {
                    commands.get(commands.size() - 1).add(line);
                }
            }
            return commands;
        }

        private void add(String line) {
            if (shown.isEmpty()
                    && line.startsWith(CONTINUED)
                    && typed.get(typed.size() - 1).endsWith("\\")) {
                typed.add(line.substring(CONTINUED.length()));
            } else {
                shown.add(line);
            }
        }

        String prompt() {
            return "[" + user + "@" + host + "]" + sign + " ";
        }
    }
}
