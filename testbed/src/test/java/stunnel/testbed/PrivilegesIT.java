package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What runs for a tunnel runs as the job's user in every respect, and slurmd's root does nothing for it. */
@TestbedTest
class PrivilegesIT {
    /** Waits to be told to go on, so that there is time to look at the JVM that started it. */
    private static final String SLOW_SSH =
            "#!/usr/bin/perl\nselect(undef, undef, undef, 0.05) until -e \"/tmp/go\";\nexec \"/usr/bin/ssh\", @ARGV;\n";

    /** The whole environment of Java and ssh. */
    private static final Set<String> BUILT = Set.of(
            "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/home/alice", "USER=alice", "LOGNAME=alice", "LANG=C.UTF-8");

    private final Testbed testbed = Testbed.shared();
    private final Account root = testbed.host("login");
    private final Account alice = testbed.alice();

    static Stream<List<String>> commands() {
        return Stream.of(
                // A descriptor of the user's shell, which srun keeps open.
                List.of("login", "exec 9</etc/hostname; srun -w cn1 --tunnel 8001:8000 sleep 100"),
                List.of("cn1", "sbatch -w cn1 --tunnel 8001:8000 --wrap 'sleep 100'"));
    }

    @Test
    @DisplayName("rows 1, 2, 7, 9: root executes nothing of ours, and opens no file of a user or of the tunnel")
    void rootDoesNothingForATunnel() {
        Account node = testbed.host("cn1");
        String folder = node.output("mktemp", "--directory");
        String strace = "strace --follow-forks --output-separately --string-limit=4096 --trace=" + SystemCalls.TRACE
                + " --output=" + folder + "/trace --attach=$(pidof slurmd)";
        try (RunningCommand tracing = node.startTyped(strace)) {
            tracing.awaitStderr("attached");
            try (Job job = Job.submit(
                    alice,
                    "sbatch -w cn1 --tunnel 8001:8000 --wrap 'echo up; srun --tunnel R8002:8000 true; sleep 100'")) {
                job.awaitOutput("up");
                // The keeper's death makes slurmstepd start another one when the job ends.
                Await.until(
                        "the keeper is killed",
                        () -> node.run("pkill", "-KILL", "stunnel-keeper").exit() == 0);
            }
            tracing.terminate();
            tracing.outcome();
            SystemCalls seen = SystemCalls.of(node.output(
                    "bash", "-c", "cd " + folder + " && for f in trace.*; do sed \"s/^/${f#trace.} /\" $f; done"));

            assertThat(seen.paths((name, call) -> name.equals("execve") && !call.canBeRoot()))
                    .as("the trace sees what it should")
                    .contains("/opt/slurm-stunnel/libexec/stunnel-keeper", "/opt/slurm-stunnel/libexec/java")
                    .anyMatch(path -> path.endsWith("/ssh"));
            assertThat(seen.paths((name, call) -> name.equals("execve") && call.canBeRoot()))
                    .allMatch(path -> path.endsWith("/slurmstepd"));
            assertThat(seen.paths((name, call) -> call.effective() == 0 && isOfAUser(call.path())))
                    .isEmpty();
        } finally {
            node.output("rm", "-r", folder);
        }
    }

    private static boolean isOfAUser(String path) {
        return path.startsWith("/tmp/stunnel") || path.startsWith("/home/alice/");
    }

    @ParameterizedTest
    @MethodSource("commands")
    @DisplayName("rows 2, 12, 13, 14, history: user, groups, capabilities, signals, descriptors, environment, files")
    void everyProcessIsTheUsersAlone(List<String> hostAndCommand) {
        Account host = testbed.host(hostAndCommand.get(0));
        String wrapper = root.output("mktemp", "--tmpdir=/home");
        root.write(wrapper, SLOW_SSH);
        root.output("chmod", "755", wrapper);
        Set<String> filesBefore =
                Set.of(host.output("find", "/tmp", "/home/alice").split("\n", -1));
        try (ReplacedFile line = ReplacedFile.plugstackLine(testbed, "required", "ssh_cmd=" + wrapper);
                RunningCommand command = alice.startTyped(hostAndCommand.get(1))) {
            Await.until(
                    "the JVM waits for ssh",
                    () -> host.run("pgrep", "-f", wrapper).exit() == 0);
            Set<String> slurms = descriptors(
                    host,
                    host.output("pgrep", "-o", "^(srun|slurmstepd)$")
                            .lines()
                            .findFirst()
                            .orElseThrow());
            for (String program : List.of("java", "stunnel-keeper")) {
                assertThatItIsTheUsers(host, program, slurms);
            }
            assertThat(status(host, "java")).containsEntry("SigBlk", "0000000000000000");
            assertThat(newFiles(host, filesBefore))
                    .allMatch(file -> file.matches(
                            "/tmp/stunnel-\\d+-[a-z2-7]{10}(/log|/errors)?" + "|/home/alice/slurm-\\d+\\.out"));

            host.output("touch", "/tmp/go");
            // From then on there is one ssh, and it stays.
            Await.until(
                    "the tunnel stands",
                    () -> host.run("bash", "-c", "ls /tmp/stunnel-*/state").exit() == 0);
            assertThatItIsTheUsers(host, "ssh", slurms);
            assertThat(status(host, "ssh")).containsEntry("SigBlk", "0000000000000000");
        } finally {
            alice.output("scancel", "--user=alice");
            host.run("rm", "-f", "/tmp/go");
            root.output("rm", wrapper);
        }
    }

    private void assertThatItIsTheUsers(Account host, String program, Set<String> slurms) {
        String uid = alice.output("id", "-u");
        String gid = alice.output("id", "-g");
        Map<String, String> status = status(host, program);

        assertThat(status)
                .as(program)
                .containsEntry("Uid", String.join("\t", uid, uid, uid, uid))
                .containsEntry("Gid", String.join("\t", gid, gid, gid, gid))
                .containsEntry("Groups", gid)
                .containsEntry("CapInh", "0000000000000000")
                .containsEntry("CapPrm", "0000000000000000")
                .containsEntry("CapEff", "0000000000000000")
                .containsEntry("CapAmb", "0000000000000000");
        // The keeper replaces what it was started with, and that is what the kernel shows of it.
        assertThat(variables(host, program))
                .as(program)
                .isEqualTo(program.equals("stunnel-keeper") ? Set.of("") : BUILT);
        assertThat(host.output("readlink", "/proc/" + pid(host, program) + "/cwd"))
                .as(program)
                .isEqualTo("/");
        List<String> shared = new ArrayList<>(descriptors(host, pid(host, program)));
        shared.retainAll(slurms);
        // The keeper of a batch job talks to the job's output; slurmstepd has a copy of the keeper's end of the
        // lifeline.
        if (program.equals("stunnel-keeper") && host.host().equals("cn1")) {
            assertThat(shared)
                    .hasSizeLessThanOrEqualTo(2)
                    .allMatch(target -> target.matches("socket:.*|.*/slurm-\\d+.out"));
        } else {
            assertThat(shared).as(program).isEmpty();
        }
    }

    private static String pid(Account host, String program) {
        return host.output("pgrep", "-x", "-o", "-u", "alice", program);
    }

    private static Map<String, String> status(Account host, String program) {
        Map<String, String> status = new TreeMap<>();
        for (String line :
                host.output("cat", "/proc/" + pid(host, program) + "/status").split("\n", -1)) {
            status.put(
                    line.substring(0, line.indexOf(':')),
                    line.substring(line.indexOf(':') + 1).strip());
        }
        return status;
    }

    private static Set<String> variables(Account host, String program) {
        return Set.of(host.output("cat", "/proc/" + pid(host, program) + "/environ")
                .replaceFirst("\0$", "")
                .split("\0", -1));
    }

    /** Sockets, pipes and files that a process has open, other than /dev/null. */
    private static Set<String> descriptors(Account host, String pid) {
        List<String> targets = new ArrayList<>(
                Arrays.asList(host.output("find", "/proc/" + pid + "/fd", "-type", "l", "-printf", "%l\n")
                        .split("\n", -1)));
        targets.removeIf(target -> target.equals("/dev/null") || target.startsWith("anon_inode"));
        return Set.copyOf(targets);
    }

    private static List<String> newFiles(Account host, Set<String> before) {
        return Stream.of(host.output("find", "/tmp", "/home/alice").split("\n", -1))
                .filter(file -> !before.contains(file))
                .toList();
    }
}
