package stunnel.testbed;

import java.util.List;
import java.util.stream.Stream;

/** A terminal of tmux, in which a user types: what stands on it is what the user sees. */
final class Screen implements AutoCloseable {
    /** For all users' shells, on all hosts. */
    static final String RC = """
            PS1='[\\u@${SHOWN_HOST:-\\h}]\\$ ' PROMPT_COMMAND=
            PATH=/opt/slurm-stunnel/bin:$PATH
            """;

    private static final String TAB = "⇥";
    private static final int COLUMNS = 150;
    private static final List<String> ROWS = List.of("-y", "50");

    private final Account user;
    private final String name;
    private final String prompt;
    private String typed = "";

    private Screen(Account user, String name, String prompt) {
        this.user = user;
        this.name = name;
        this.prompt = prompt;
    }

    /** A shell of {@code user} that has the prompt of {@code first}. */
    static Screen open(Account user, String name, Step.Command first) {
        return open(user, name, first.prompt(), first.host(), COLUMNS);
    }

    /** One that is {@code columns} wide. */
    static Screen open(Account user, String name, int columns) {
        return open(user, name, "[" + user.user() + "@" + user.host() + "]$ ", user.host(), columns);
    }

    private static Screen open(Account user, String name, String prompt, String host, int columns) {
        Screen screen = new Screen(user, name, prompt);
        screen.tmux(Stream.of(
                        Stream.of("-f", "/dev/null", "new-session", "-d", "-e", "SHOWN_HOST=" + host),
                        ROWS.stream(),
                        Stream.of("-x", Integer.toString(columns), "-s", name, "bash"))
                .flatMap(words -> words)
                .toArray(String[]::new));
        return screen;
    }

    /** Makes it as wide as that, as who drags the corner of a window does. */
    void resize(int columns) {
        tmux("resize-window", "-t", name, "-x", Integer.toString(columns));
    }

    /** Presses Ctrl-C. */
    void interrupt() {
        tmux("send-keys", "-t", name, "C-c");
    }

    /** Types a command when the shell asks for one. One that ends with the Tab key is not run, but taken back. */
    void type(String command) {
        Await.until("the prompt " + prompt + "in " + name, () -> text().endsWith("\n" + prompt.strip()));
        String keys = command.replace(TAB, "\t");
        typed = (prompt + command.replace(TAB, "")).stripTrailing();
        tmux("send-keys", "-t", name, "-l", keys);
        if (keys.endsWith("\t")) {
            tmux("send-keys", "-t", name, "C-u");
        }
        tmux("send-keys", "-t", name, "Enter");
    }

    /** What stands below the last command, or all if that command has cleared the screen; without a prompt at the end. */
    String seen() {
        String all = text() + "\n";
        int command = all.lastIndexOf("\n" + typed + "\n");
        String seen = command < 0 ? all.substring(1) : all.substring(command + typed.length() + 2);
        String asking = prompt.strip() + "\n";
        while (seen.endsWith(asking)) {
            seen = seen.substring(0, seen.length() - asking.length());
        }
        return seen;
    }

    /** Every line, those that are no more in sight too; the first begins behind a line's end, the last one has none. */
    private String text() {
        return "\n"
                + tmux("capture-pane", "-p", "-J", "-S", "-", "-t", name)
                        .replaceAll("(?m) +$", "")
                        .stripTrailing();
    }

    private String tmux(String... arguments) {
        return user.output(Stream.concat(Stream.of("tmux", "-u", "-L", "tour"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    @Override
    public void close() {
        tmux("kill-session", "-t", name);
        // With the last terminal its server ends, and leaves its folder.
        user.output("bash", "-c", "tmux -L tour list-sessions >/dev/null 2>&1 || rm -rf /tmp/tmux-$(id -u)");
    }
}
