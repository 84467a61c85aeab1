package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How sbatch reads the directives of a script, and that {@code stunnel validate} says so. */
@TestbedTest
class JobScriptIT {
    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void isReadAsTheLinterSays() {
        List<Script> scripts = scripts();
        String folder = alice.output("mktemp", "--directory");
        for (int i = 0; i < scripts.size(); i++) {
            alice.write(folder + "/" + i, scripts.get(i).text());
        }
        // Each in one run for all of them, since starting one takes most of the time.
        List<String> sbatch = List.of(alice.type("cd " + folder + "; for i in {0.." + (scripts.size() - 1)
                        + "}; do sbatch --test-only $i 2>&1 && echo .taken || echo .refused; done")
                .stdout()
                .split("(?<=[.]taken|[.]refused)\n"));
        List<String> linter = alice.type(
                        "cd " + folder + "; /opt/slurm-stunnel/bin/stunnel validate {0.." + (scripts.size() - 1) + "}")
                .stdout()
                .lines()
                .toList();
        alice.output("rm", "-r", folder);

        for (int i = 0; i < scripts.size(); i++) {
            scripts.get(i).check(sbatch.get(i), found(i, linter));
        }
    }

    /** The headlines of what the linter found in a script. */
    private static List<String> found(int script, List<String> lines) {
        return lines.stream().filter(line -> line.startsWith(script + ":")).toList();
    }

    private static List<Script> scripts() {
        return List.of(
                // The forms of the option.
                refused("#SBATCH --tunnel=8001x", "8001x is not a port", "not-a-port"),
                refused("#SBATCH --tunnel 8001x", "8001x is not a port", "not-a-port"),
                refused("#SBATCH --tun=8001x", "8001x is not a port", "not-a-port"),
                refused("#SBATCH\t-n1\t--tunnel=8001x\f-J a", "8001x is not a port", "not-a-port"),
                refused("#SBATCH--tunnel=8001x", "8001x is not a port", "not-a-port"),
                refused("#SBATCH --tunnel -R8001x", "8001x is not a port", "not-a-port"),
                refused("#SBATCH --tunnel", "requires an argument", "directive-without-value"),
                refused("#SBATCH --tunnel=", "a forward is missing", "directive-without-value"),
                refused(
                        "#SBATCH --tunnel -J name",
                        "Invalid directive found in batch script: name",
                        "directive-without-value"),
                refused(
                        "#SBATCH --tunnel=8001, 8002",
                        "Invalid directive found in batch script: 8002",
                        "directive-extra-word"),
                refused("#SBATCH --tunnel=x\n#SBATCH --tunnel=8002x", "8002x is not a port", "tunnel-repeated"),
                // Quotes and backslashes.
                refused("#SBATCH --tunnel=\"8001x\"", "8001x is not a port", "not-a-port"),
                refused("#SBATCH --tunnel='8001x'", "8001x is not a port", "not-a-port"),
                refused("#SBATCH \"--tunnel=8001x\"", "8001x is not a port", "not-a-port"),
                refused("#SBATCH --tunnel=80\"01\"x", "8001x is not a port", "not-a-port"),
                refused("#SBATCH --tunnel='80\\01x'", "8001x is not a port", "not-a-port"),
                refused("#SBATCH --tunnel=\"8001, 8002\"", "a blank is not part of a forward", "blank-character"),
                refused(
                        "#SBATCH --tunnel=8001\\ 8002",
                        "Invalid directive found in batch script: 8002",
                        "directive-extra-word"),
                refused("#SBATCH --tunnel=\"8001", "Unmatched `\"` in", "directive-quote"),
                refused("#SBATCH -J don't --tunnel=8001", "Unmatched `'` in", "directive-quote"),
                refused("#SBATCH --tunnel=8001:8000,\\\n8002:8000", "a forward is missing here", "empty-forward"),
                // Comments and commands.
                refused("#SBATCH --tunnel=8001x#comment", "8001x is not a port", "not-a-port"),
                refused("# don't\n  # do\n\n \t\f\n#SBATCH -n1 # don't\n#SBATCH --tunnel=8001x", "8001x", "not-a-port"),
                read("#SBATCH --tunnel=8001\n# SBATCH --tunnel=x\n ##SBATCH --tunnel=x\n#sbatch --tunnel=x"),
                read("#SBATCH # --tunnel=x"),
                new Script("true\n#SBATCH --tunnel=x", "", "[directive-ignored]"),
                new Script("#SBATCH --tunnel=x\n#SBATCH --tunnel=8002", "", "[tunnel-repeated]"),
                // What sbatch looks at before it reads a directive.
                refused("#SBATCH --tunnel=8001\r\ntrue", "DOS line breaks", "windows-script"),
                refused("#SBATCH --tunnel=8001\ncat <<X\n.\r\nX", "DOS line breaks", "windows-script"));
    }

    /**
     * What stands behind the first line of a script.
     *
     * @param lines all of them
     * @param refusal what sbatch says; empty if it takes the script
     * @param diagnostic what the linter finds
     */
    private record Script(String lines, String refusal, String diagnostic) {
        void check(String sbatch, List<String> linter) {
            boolean refused = !refusal.isEmpty();
            assertThat(sbatch).as(lines).contains(refusal).endsWith(refused ? ".refused" : ".taken");
            assertThat(linter.stream().anyMatch(line -> line.contains(": error: ")))
                    .as("%s: %s", lines, linter)
                    .isEqualTo(refused);
            assertThat(String.join("\n", linter)).as(lines).contains(diagnostic);
        }

        String text() {
            return "#!/bin/bash\n" + lines + "\n";
        }
    }

    private static Script refused(String lines, String refusal, String diagnostic) {
        return new Script(lines, refusal, "[" + diagnostic + "]");
    }

    private static Script read(String lines) {
        return new Script(lines, "", "");
    }
}
