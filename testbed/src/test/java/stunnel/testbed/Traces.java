package stunnel.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Everything a job can leave behind, one line each: processes, listening sockets and temporary files of every host,
 * jobs in the queue, and the state of the nodes.
 */
record Traces(List<String> lines) {
    /** Prints the traces of one host, without those of the script itself. */
    private static final String HOST = """
            ps -eo pid=,ppid=,user:32=,args= | awk -v self=$$ '
                $1 != self && $2 != self { user = $3; sub(/^ *[^ ]+ +[^ ]+ +[^ ]+ +/, ""); print "process", user, $0 }'
            ss --no-header --listening --tcp --numeric | awk '{ print "listener", $4 }'
            ss --no-header --listening --unix | awk '{ print "listener", $5 }'
            find /tmp /var/tmp /dev/shm -mindepth 1 -printf 'file %p\\n'
            """;

    private static final String CLUSTER = """
            squeue --noheader --format='job %i %u %T'
            sinfo --noheader --Node --format='node %N %T'
            """;

    static Traces of(Testbed testbed) {
        Stream<String> hosts = Testbed.HOSTS.stream().flatMap(host -> traces(testbed, host, HOST));
        return new Traces(
                Stream.concat(hosts, traces(testbed, "login", CLUSTER)).sorted().toList());
    }

    /** What is here and not there. */
    List<String> without(Traces other) {
        List<String> rest = new ArrayList<>(lines);
        other.lines.forEach(rest::remove);
        return rest;
    }

    private static Stream<String> traces(Testbed testbed, String host, String script) {
        Outcome outcome = testbed.host(host).bash(script);
        if (outcome.exit() != 0 || !outcome.stderr().isEmpty()) {
            throw new IllegalStateException(outcome.toString());
        }
        return outcome.stdout().lines().map(line -> host + ": " + line);
    }
}
