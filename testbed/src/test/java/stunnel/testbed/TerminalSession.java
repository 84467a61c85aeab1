package stunnel.testbed;

import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of commands that a user types into a terminal of their own, and that shows what the page shows. The shell's
 * prompt is that of the page, with the exit status of the last command in front.
 */
final class TerminalSession implements AutoCloseable {
    /** For all users' shells, on all hosts. No line of a page is that wide; what is typed comes back as it was typed. */
    static final String RC = """
            PS1='<$?>[\\u@${SHOWN_HOST:-\\h}]\\$ ' PS2='> ' PROMPT_COMMAND=
            PATH=$HOME/bin:/opt/slurm-stunnel/bin:$PATH
            export NO_COLOR=1
            set +o emacs +o vi
            [ ! -t 0 ] || stty cols 1000
            """;

    private static final String GOES_ON = "…";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** What only shows how things are is typed again until it shows what the page does. */
    private static final Pattern LOOKS = Pattern.compile("(cat|grep|squeue|stunnel list)\\b.*");

    private final Step.Session session;
    private final Shown shown;
    private final RunningCommand terminal;
    private int position;

    TerminalSession(Account user, Step.Session session, Shown shown) {
        this.session = session;
        this.shown = shown;
        String host = session.commands().get(0).host();
        String name = host.equals(user.host()) ? "" : "SHOWN_HOST=" + host + " ";
        this.terminal = user.startOnTerminal(name + "exec bash");
    }

    /** Types all commands. The last one may go on when this returns, if the page shows that. */
    void run() {
        List<Step.Command> commands = session.commands();
        Prompt prompt = awaitPrompt(commands.get(0));
        for (int i = 0; i < commands.size(); i++) {
            Step.Command command = commands.get(i);
            boolean last = i == commands.size() - 1;
            if (last && goesOn(command)) {
                position = prompt.end();
                type(command);
                awaitBeginning(command);
                return;
            }
            prompt = finish(command, last ? command : commands.get(i + 1), prompt, last ? session.exit() : 0);
        }
    }

    private static boolean goesOn(Step.Command command) {
        return !looks(command)
                && !command.shown().isEmpty()
                && command.shown().get(command.shown().size() - 1).equals(GOES_ON);
    }

    private static boolean looks(Step.Command command) {
        return LOOKS.matcher(command.typed().get(0)).matches();
    }

    /** The prompt of {@code next}, after what the page shows. */
    private Prompt finish(Step.Command command, Step.Command next, Prompt prompt, int exit) {
        long start = System.nanoTime();
        Prompt after = prompt;
        while (true) {
            position = after.end();
            type(command);
            after = awaitPrompt(next);
            String seen = withoutEcho(text().substring(position, after.start()), command);
            if (after.status() == exit && shown.matches(command.shown(), seen)) {
                return after;
            }
            boolean tooLate = System.nanoTime() - start > LIMIT.toNanos();
            if (tooLate || !looks(command)) {
                throw difference(command, seen, "exit status " + after.status() + " instead of " + exit);
            }
        }
    }

    private void awaitBeginning(Step.Command command) {
        List<String> beginning = command.shown().subList(0, command.shown().size() - 1);
        if (!Await.within(LIMIT, () -> shown.begins(beginning, withoutEcho(text().substring(position), command)))) {
            throw difference(command, text().substring(position), "it goes on");
        }
    }

    private void type(Step.Command command) {
        for (int i = 0; i < command.typed().size(); i++) {
            if (i > 0) {
                Await.until("bash asks for the next line", () -> text().endsWith("\n> "));
            }
            terminal.type(shown.typed(command.typed().get(i)));
        }
    }

    /** Without the lines that were typed. */
    private static String withoutEcho(String text, Step.Command command) {
        int start = 0;
        for (int i = 0; i < command.typed().size(); i++) {
            start = text.indexOf('\n', start) + 1;
            if (start == 0) {
                return "";
            }
        }
        return text.substring(start);
    }

    private Prompt awaitPrompt(Step.Command command) {
        Pattern prompt = Pattern.compile("(?m)^<(\\d+)>" + Pattern.quote(command.prompt()));
        if (!Await.within(LIMIT, () -> prompt.matcher(text()).find(position))) {
            throw new AssertionError(
                    session.place() + ": no prompt " + command.prompt() + " after:\n" + text().substring(position));
        }
        Matcher found = prompt.matcher(text());
        found.find(position);
        return new Prompt(found.start(), found.end(), Integer.parseInt(found.group(1)));
    }

    private AssertionError difference(Step.Command command, String seen, String how) {
        return new AssertionError("%s: `%s` (%s)%nshows on the page:%n%s%nand here:%n%s"
                .formatted(session.place(), command.typed(), how, String.join("\n", command.shown()), seen));
    }

    private String text() {
        return terminal.stdout().replace("\r", "");
    }

    /** As who closes its window: what runs in it gets SIGHUP. script(1) takes two seconds over any other end. */
    @Override
    public void close() {
        terminal.kill();
        terminal.close();
    }

    private record Prompt(int start, int end, int status) {}
}
