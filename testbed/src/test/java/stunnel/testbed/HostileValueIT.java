package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Values that no client has judged, because the user put them where Slurm takes them to the node from. */
@TestbedTest
class HostileValueIT {
    /**
     * One job each: SLURM_STUNNEL_ORIGIN makes its step open the tunnel on the node, as under salloc. The first ones have a bad
     * value, the others a good one and a bad host to connect to.
     */
    private static final String SCRIPT = """
            #!/bin/bash
            values=('' ' ' 8001x:8000 70000:1 '-oProxyCommand=touch /tmp/owned' '8001:$(touch /tmp/owned):8000'
                '8001:`touch /tmp/owned`:8000' $'8001:8000\\n8002:8000' $'8001:\\e[31mhost:8000' $'8001:\\xff\\xfe:8000'
                "8001:'; touch /tmp/owned;':8000" '8001:%h:8000' '8001:${HOME}:8000' 65536 65537 131000)
            hosts=('' '-oProxyCommand=touch /tmp/owned' -V 'login;touch /tmp/owned' '$(touch /tmp/owned)' '`id`' '%h' 'a b'
                $'login\\n' $'log\\ein' '../login' 'alice@login' 'ssh://login' 5000)
            long() { if [[ $1 = [0-9]*[0-9] && $1 != *:* ]]; then head -c "$1" /dev/zero | tr '\\0' a; else echo -n "$1"; fi; }
            printf -v SLURM_STUNNEL_LOCK %032d "$SLURM_ARRAY_TASK_ID" # each job its own
            export SLURM_STUNNEL_LOCK SLURM_STUNNEL_ORIGIN=salloc _SLURM_SPANK_OPTION_stunnel_tunnel=8001:8000
            if [ "$SLURM_ARRAY_TASK_ID" -lt ${#values[@]} ]; then
                IFS= read -rd '' _SLURM_SPANK_OPTION_stunnel_tunnel < <(long "${values[SLURM_ARRAY_TASK_ID]}")
            else
                IFS= read -rd '' SLURM_SUBMIT_HOST < <(long "${hosts[SLURM_ARRAY_TASK_ID - ${#values[@]}]}")
                export SLURM_SUBMIT_HOST
            fi
            srun echo started
            echo "srun exits $?"
            """;

    private static final int VALUES = 16;
    private static final int ALL = 30;

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    @DisplayName(
            "rows 3, 5, 15, 16: a hostile value, or a forged SLURM_SUBMIT_HOST, costs its own step and nothing else")
    void failTheirStepsAlone() {
        alice.write("hostile", SCRIPT);
        try (Job job = Job.submit(alice, "sbatch -w cn1 --array=0-" + (ALL - 1) + " --output=hostile.%a hostile")) {
            job.awaitEnd();
            List<String> outputs = IntStream.range(0, ALL)
                    .mapToObj(i -> alice.output("cat", "-v", "hostile." + i))
                    .toList();

            assertThat(outputs).allMatch(output -> output.endsWith("srun exits 1"), "the step fails");
            assertThat(outputs).noneMatch(output -> output.contains("started"));
            assertThat(outputs.subList(0, VALUES)).allMatch(output -> output.contains("--tunnel"), "names the option");
            assertThat(outputs.subList(VALUES, ALL))
                    .allMatch(output -> output.contains("SUBMIT_HOST"), "names what is wrong")
                    .anyMatch(
                            output -> output.contains("the name of the host to connect to is not the name of a host"));
            assertThat(outputs).noneMatch(output -> output.contains("^[")).allMatch(output -> output.length() < 9000);
            assertThat(testbed.host("cn1").run("ls", "/tmp/owned").exit()).isNotZero();
            assertThat(alice.output("sinfo", "--noheader", "--Node", "--format=%T"))
                    .doesNotContain("drain", "down");
        } finally {
            alice.type("rm -f hostile hostile.*");
        }
    }
}
