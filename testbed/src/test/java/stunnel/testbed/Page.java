package stunnel.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A page of the documentation: what each of its sections has a reader do, and the blocks that do not say what becomes of them.
 * CONTRIBUTING.md tells how a block says that.
 */
record Page(String name, List<List<Step>> sections, List<String> complaints) {
    private static final Path ROOT = Path.of("..");
    private static final String FENCE = "```";
    private static final Pattern HEADING = Pattern.compile("#+ .*");
    private static final Pattern COMMENT = Pattern.compile("<!-- (.*) -->");
    private static final Pattern ELSEWHERE = Pattern.compile("run by (\\w+)|not run: .+");
    private static final Pattern EXIT = Pattern.compile("exit (\\d+)");
    private static final Pattern STAND_IN = Pattern.compile("(\\S+) is: (.+)");
    private static final Pattern WEB = Pattern.compile("(\\w+) (serves|reaches) (\\d+)");
    private static final Pattern PROMPT = Pattern.compile("(?m)^ *(\\[\\w+@\\w+\\][$#]|[$#]) ");
    private static final Pattern FILE = Pattern.compile("\\w+ (\\S+)");

    /** All pages: those at the top, and those below docs/. */
    static List<Path> files() {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page read(Path file) {
        try {
            return of(ROOT.relativize(file).toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page of(String name, String text) {
        return new Reading(name, text.lines().toList()).page();
    }

    @Override
    public String toString() {
        return name;
    }

    /** One pass over the lines. */
    private static final class Reading {
        private final String name;
        private final List<String> lines;
        private final List<List<Step>> sections = new ArrayList<>();
        private final List<String> complaints = new ArrayList<>();
        private List<Step> steps = new ArrayList<>();
        private int at;
        /** Whether a comment said of the next block, or before the first heading of all of them, that it is not run here. */
        private boolean elsewhere;

        private boolean allElsewhere;
        private Optional<Integer> exit = Optional.empty();

        Reading(String name, List<String> lines) {
            this.name = name;
            this.lines = lines;
        }

        Page page() {
            for (at = 0; at < lines.size(); at++) {
                String line = lines.get(at);
                Matcher heading = HEADING.matcher(line);
                Matcher comment = COMMENT.matcher(line);
                if (heading.matches()) {
                    steps = new ArrayList<>();
                    sections.add(steps);
                } else if (comment.matches()) {
                    comment(comment.group(1));
                } else if (line.startsWith(FENCE)) {
                    block(line.substring(FENCE.length()));
                } else if (line.startsWith("    ")
                        && at > 0
                        && lines.get(at - 1).isEmpty()) {
                    complain("an indented block: only a fence can say what it is");
                }
            }
            return new Page(
                    name,
                    sections.stream().filter(section -> !section.isEmpty()).toList(),
                    complaints);
        }

        private void comment(String text) {
            Matcher other = ELSEWHERE.matcher(text);
            Matcher standIn = STAND_IN.matcher(text);
            Matcher web = WEB.matcher(text);
            Matcher status = EXIT.matcher(text);
            if (other.matches()) {
                elsewhere = true;
                allElsewhere |= sections.isEmpty();
                String test = other.group(1);
                if (test != null && TestSources.find(test + ".java").isEmpty()) {
                    complain("there is no test " + test);
                }
            } else if (standIn.matches()) {
                steps.add(new Step.StandIn(standIn.group(1), standIn.group(2)));
            } else if (web.matches()) {
                steps.add(
                        web.group(2).equals("serves")
                                ? new Step.Served(web.group(1), web.group(3))
                                : new Step.Reached(place(), web.group(1), web.group(3)));
            } else if (status.matches()) {
                exit = Optional.of(Integer.valueOf(status.group(1)));
            } else {
                complain("a comment that means nothing here: " + text);
            }
        }

        private void block(String info) {
            String place = place();
            List<String> block = new ArrayList<>();
            for (at++; at < lines.size() && !lines.get(at).equals(FENCE); at++) {
                block.add(lines.get(at));
            }
            String text = String.join("\n", block) + "\n";
            Matcher file = FILE.matcher(info);
            if (elsewhere || allElsewhere) {
                elsewhere = false;
            } else if (info.equals("console")) {
                List<Step.Command> commands = Step.Command.all(block);
                if (commands.isEmpty()) {
                    complaints.add(place + ": a session begins with a prompt, [alice@login]$ say");
                }
                steps.add(new Step.Session(place, commands, exit.orElse(0)));
            } else if (file.matches()) {
                steps.add(new Step.WrittenFile(file.group(1), text));
            } else if (!info.equals("text") || PROMPT.matcher(text).find()) {
                complaints.add(place + ": a block that does not say how it is tested");
            }
            exit = Optional.empty();
        }

        private void complain(String what) {
            complaints.add(place() + ": " + what);
        }

        private String place() {
            return name + ":" + (at + 1);
        }
    }
}
