package stunnel.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page shows, compared with what is seen. … stands for any text, alone on a line for any lines, and a time for any
 * time. 812 to 819 stand for jobs and 23800 to 23899 for free ports: for those that are seen where the page first has them.
 */
final class Shown {
    private static final String ANY_LINES = "…";
    private static final String NUMBER = "(?<!\\d)(?<number>81[2-9]|238\\d\\d)(?!\\d)";
    private static final String TIME = "\\b\\d+[hms](?:\\d+[ms])*\\b";
    private static final Pattern VARIABLE = Pattern.compile(NUMBER + "|…|" + TIME);

    private final Map<String, String> numbers = new TreeMap<>();

    /** What is typed where the page has {@code text}; a number that has not been seen is meant as it stands. */
    String typed(String text) {
        return Pattern.compile(NUMBER)
                .matcher(text)
                .replaceAll(number -> numbers.computeIfAbsent(number.group(), key -> key));
    }

    /** What a page has where {@code seen} is seen. */
    String onThePage(String seen) {
        return Pattern.compile("\\d+")
                .matcher(seen)
                .replaceAll(number -> numbers.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(number.group()))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(number.group()));
    }

    /** Whether {@code seen} is what the page shows. */
    boolean matches(List<String> shown, String seen) {
        return compare(shown, seen, Matcher::matches);
    }

    /** Whether {@code seen} begins with what the page shows. */
    boolean begins(List<String> shown, String seen) {
        return compare(shown, seen, Matcher::lookingAt);
    }

    private boolean compare(List<String> shown, String seen, Predicate<Matcher> comparison) {
        List<String> unknown = new ArrayList<>();
        StringBuilder pattern = new StringBuilder();
        for (String line : shown) {
            pattern.append(line.equals(ANY_LINES) ? "(?:.*\n)*" : pattern(tidy(line), unknown) + "\n");
        }
        Matcher matcher = Pattern.compile(pattern.toString()).matcher(tidy(seen));
        boolean same = comparison.test(matcher);
        if (same) {
            unknown.forEach(number -> numbers.put(number, matcher.group("n" + number)));
        }
        return same;
    }

    private String pattern(String line, List<String> unknown) {
        StringBuilder pattern = new StringBuilder();
        Matcher variable = VARIABLE.matcher(line);
        int end = 0;
        while (variable.find()) {
            pattern.append(Pattern.quote(line.substring(end, variable.start())));
            String number = variable.group("number");
            if (number == null) {
                pattern.append(variable.group().equals("…") ? ".*" : TIME);
            } else if (numbers.containsKey(number)) {
                pattern.append(numbers.get(number));
            } else if (unknown.contains(number)) {
                pattern.append("\\k<n").append(number).append('>');
            } else {
                pattern.append("(?<n").append(number).append(">\\d+)");
                unknown.add(number);
            }
            end = variable.end();
        }
        return pattern + Pattern.quote(line.substring(end));
    }

    /** How wide the columns of a table are depends on what stands in it, also where a row has the last one alone. */
    private static String tidy(String text) {
        return text.replaceAll("(?<=\\S) {2,}", "  ")
                .replaceAll("(?m)^ {20,}(?=[^ ^])", " ".repeat(20))
                .replaceAll("(?m) +$", "");
    }
}
