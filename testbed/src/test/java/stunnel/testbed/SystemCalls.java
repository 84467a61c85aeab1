package stunnel.testbed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What strace saw of processes, with the user that each of them was at every call: {@code setresuid} and its relatives are followed
 * in each process, and a new process begins as its parent is then.
 */
final class SystemCalls {
    /** To be followed: "%file" has execve and everything that takes a path. */
    static final String TRACE = "%file,fork,vfork,clone,clone3,setuid,setreuid,setresuid";

    private static final Pattern CALL = Pattern.compile("(\\w+)\\((.*)\\)\\s+= (-?\\d+).*");
    private static final Pattern PATH = Pattern.compile("\"([^\"]*)\"");

    private final Map<String, List<String>> linesOf = new HashMap<>();
    private final Map<String, int[]> usersAtStart = new HashMap<>();
    private final List<Call> calls = new ArrayList<>();

    /**
     * One call.
     *
     * @param path the first one among its arguments, or nothing
     * @param real the real user
     * @param effective the effective user
     * @param saved the saved user
     */
    record Call(String pid, String name, String path, int real, int effective, int saved) {
        boolean canBeRoot() {
            return real == 0 || effective == 0 || saved == 0;
        }
    }

    private SystemCalls() {}

    /** Of what {@code strace --follow-forks --output-separately} wrote, as {@code PID LINE}, where {@code first} began as root. */
    static SystemCalls of(String trace) {
        SystemCalls seen = new SystemCalls();
        for (String line : trace.lines().toList()) {
            int blank = line.indexOf(' ');
            seen.linesOf
                    .computeIfAbsent(line.substring(0, blank), pid -> new ArrayList<>())
                    .add(line.substring(blank + 1));
        }
        List<String> known = new ArrayList<>();
        // Whom no other process has started was there when strace came: root's daemon.
        for (String pid : seen.linesOf.keySet()) {
            if (!seen.hasParent(pid)) {
                seen.usersAtStart.put(pid, new int[] {0, 0, 0});
                known.add(pid);
            }
        }
        for (int i = 0; i < known.size(); i++) {
            known.addAll(seen.follow(known.get(i)));
        }
        return seen;
    }

    private boolean hasParent(String pid) {
        return linesOf.values().stream()
                .flatMap(List::stream)
                .anyMatch(line -> line.matches("(v?fork|clone3?)\\(.*\\)\\s+= " + pid + "\\b.*"));
    }

    /** The processes that this one has started. */
    private List<String> follow(String pid) {
        int[] users = usersAtStart.getOrDefault(pid, new int[] {0, 0, 0}).clone();
        List<String> children = new ArrayList<>();
        for (String line : linesOf.getOrDefault(pid, List.of())) {
            Matcher call = CALL.matcher(line);
            if (!call.matches()) {
                continue;
            }
            String name = call.group(1);
            boolean failed = call.group(3).equals("-1");
            if (name.startsWith("set") && !failed) {
                change(users, name, call.group(2).split(", ", -1));
            } else if (!failed && (name.contains("fork") || name.startsWith("clone"))) {
                children.add(call.group(3));
                usersAtStart.put(call.group(3), users.clone());
            } else {
                Matcher path = PATH.matcher(call.group(2));
                calls.add(new Call(pid, name, path.find() ? path.group(1) : "", users[0], users[1], users[2]));
            }
        }
        return children;
    }

    private static void change(int[] users, String name, String[] arguments) {
        for (int i = 0; i < users.length; i++) {
            // setuid(0 or a user) by root sets all three, setreuid the saved one with the effective one.
            int argument = name.equals("setuid") ? 0 : Math.min(i, arguments.length - 1);
            int user = Integer.parseInt(arguments[argument]);
            users[i] = user < 0 ? users[i] : user;
        }
    }

    /** The paths of all calls for which the predicate holds. */
    List<String> paths(BiPredicate<String, Call> wanted) {
        return calls.stream()
                .filter(call -> wanted.test(call.name(), call))
                .map(Call::path)
                .distinct()
                .sorted()
                .toList();
    }
}
