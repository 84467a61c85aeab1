package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tunnels of sbatch: opened by the batch step, on the batch host, towards the submit host. */
@TestbedTest
class BatchTunnelIT {
    /** 20 in the long run. */
    private static final int REQUEUES = Integer.getInteger("testbed.requeues", 1);

    private static final String SERVE = "/opt/testbed/serve 8000";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void isOpenedByTheBatchHost() {
        try (Job job = submit("-w cn2 --tunnel 8001:8000", "exec " + SERVE)) {
            job.awaitOutput("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn2:8000");
            assertThat(testbed.hostsRunning("stunnel-keeper")).containsExactly("cn2");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("cn2");
            assertThat(testbed.hostsRunning("java")).isEmpty();
        }
    }

    @Test
    void isOpenedOnceForStepsThatOnlyInheritTheOption() {
        try (Job job =
                submit("-N2 --tunnel 8001:8000", "srun -N2 bash -c 'echo on $SLURMD_NODENAME; sleep 600' & " + SERVE)) {
            job.awaitOutput("on cn1").awaitOutput("on cn2").awaitOutput("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(testbed.hostsRunning("stunnel-keeper")).containsExactly("cn1");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("cn1");
        }
    }

    @Test
    void isOpenedOnceForHeterogeneousStepsToo() {
        String own = "srun --tunnel 8101:8000 --het-group=0 --overlap sleep 600 : --het-group=1 sleep 600 & ";
        try (Job job = submit("-w cn1 --tunnel 8001:8000 : -w cn2", "srun --het-group=0,1 hostname; " + own + SERVE)) {
            job.awaitOutput("serving").awaitOutput("tunnel up: cn1:8101 -> cn1:8000");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(job.output()).doesNotContain("cn1:8001");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("cn1", "cn1");
        }
    }

    @Test
    void leavesAStepWithAnOptionOfItsOwnToThatStep() {
        String step = "srun -N1 -n1 -w cn2 --tunnel 8101:8100 /opt/testbed/serve 8100 & ";
        String reached = "until /opt/testbed/fetch 8101; do sleep 0.1; done; ";
        try (Job job = submit("-N2 --tunnel 8001:8000", step + reached + SERVE)) {
            job.awaitOutput("hello from cn2:8100");

            Await.until("the job's own tunnel is up", () -> alice.reaches(8001));
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(testbed.hostsRunning("ssh")).containsExactly("cn1", "cn1");

            alice.output("scancel", job.id() + ".0");
            Await.until(
                    "only the job's own tunnel is left",
                    () -> testbed.hostsRunning("ssh").equals(List.of("cn1")));
        }
    }

    @Test
    void doesNotReachIntoAJobSubmittedFromWithin() {
        String inner = "env | grep STUNNEL; ps -C stunnel-keeper,ssh -o args=; echo inner";
        try (Job outer = submit("-w cn1 --tunnel 8001:8000", "sbatch -w cn2 --wrap '" + inner + "'; " + SERVE)) {
            outer.awaitOutput("Submitted").awaitOutput("serving");
            String id = outer.output().replaceFirst("(?s).*Submitted batch job (\\d+).*", "$1");
            try (Job nested = new Job(alice, id)) {
                assertThat(nested.awaitEnd().output()).isEqualTo("inner\n");
            }
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        }
    }

    @Test
    void isOpenedWithoutTheUsersEnvironmentToo() {
        try (Job job = submit("-w cn1 --export=NONE --tunnel 8001:8000", "exec " + SERVE)) {
            job.awaitOutput("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        }
    }

    @Test
    void isOpenedByEachTaskOfAnArray() {
        // The same listener for both, so each is on a node of its own and leads to the submit host.
        try (RunningCommand server = alice.as("bob").serve(1900);
                Job array = submit(
                        "--array=1-2 --exclusive --output=array-%a.out --tunnel L1900:login:1900",
                        "hostname; /opt/testbed/fetch 1900")) {
            array.awaitEnd();

            assertThat(alice.output("cat", "array-1.out", "array-2.out").lines())
                    .contains("cn1", "cn2")
                    .filteredOn(line -> line.startsWith("hello"))
                    .containsExactly("hello from login:1900", "hello from login:1900");
        }
    }

    @Test
    void isOpenedAgainForARequeuedJob() {
        String command = "echo start $SLURM_RESTART_COUNT.; exec " + SERVE;
        try (Job job = submit("-w cn1 --requeue --open-mode=append --tunnel 8001:8000", command)) {
            job.awaitOutput("serving");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");

            for (int i = 1; i <= REQUEUES; i++) {
                alice.output("scontrol", "requeue", job.id());

                job.awaitOutput("start " + i + ".");
                Await.until("the tunnel is up again", () -> alice.reaches(8001));
            }
        }
    }

    @Test
    void endsWithTheScript() {
        String untilTold = "until [ -e end ]; do sleep 0.1; done; rm end";
        try (Job job = submit("-w cn1 --tunnel 8001:8000", SERVE + " & " + untilTold)) {
            Await.until("the tunnel is up", () -> alice.reaches(8001));

            alice.write("end", "");

            assertThat(job.awaitEnd().state()).isEqualTo("COMPLETED");
            assertThat(alice.listensOn(8001)).isFalse();
        }
    }

    private Job submit(String options, String script) {
        return Job.submit(alice, "sbatch " + options + " <<'END'\n#!/bin/bash\n" + script + "\nEND\n");
    }
}
