package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A port that something else has: who that is, and what to ask for instead. */
@TestbedTest
class CollisionIT {
    private static final String STUNNEL = "/opt/slurm-stunnel/bin/stunnel";
    private static final String OFFER = "; 8002 is free: ask for 8002:8000, or for auto:8000\n";
    private static final String WAIT = "sleep infinity";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account bob = alice.as("bob");

    @Test
    void isWithATunnelOfTheSameUser() {
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel web=8001:8000,8003:8000 " + WAIT)) {
            step.awaitStderr("tunnel up: ");
            String holder = "  next: held by your job " + job() + ", tunnel web (`stunnel close " + job()
                    + ".0 web` ends it)" + OFFER;

            assertThat(alice.type("srun -w cn2 --tunnel 8001:8000 true").stderr())
                    .contains("  ssh: bind [127.0.0.1]:8001: Address already in use\n" + holder);
            assertThat(alice.run(STUNNEL, "open", job(), "8001:8000").stderr()).contains(holder);
            try (RunningCommand other = alice.startTyped("srun -w cn2 --tunnel 8004:8000 " + WAIT)) {
                other.awaitStderr("tunnel up: ");
                assertThat(alice.run(STUNNEL, "open", job() + ".0", "8004:8000,8002:8000")
                                .stderr())
                        .startsWith("stunnel: forward not opened: forward L8004:8000 ")
                        .contains(".0 8004` ends it); 8005 is free: ask for 8005:8000, or for auto:8000\n");
            }
        }
    }

    @Test
    void isWithAProcessOfTheSameUser() {
        try (RunningCommand server = alice.serve(8001)) {
            String holder = testbed.host("login").output("ss", "-Hltnp", "sport = :8001");
            String process = holder.replaceAll("(?s).*\\(\\(\"([^\"]+)\",pid=(\\d+),.*", "$2, $1");

            assertThat(alice.type("srun -w cn1 --tunnel web=8001:8000 true").stderr())
                    .contains("  next: held by your process " + process
                            + "; 8002 is free: ask for web=8002:8000, or for web=auto:8000\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "root"})
    void isWithSomebodyElse(String user) {
        try (RunningCommand server = alice.as(user).serve(8001)) {
            assertThat(alice.type("srun -w cn1 --tunnel 8001:8000 true").stderr())
                    .contains("  next: held by a process of " + user + ", none of yours" + OFFER);
        }
    }

    @Test
    void leavesNoOtherPortButThoseOfThePolicy() {
        try (RunningCommand server = bob.serve(8003);
                ReplacedFile settings =
                        ReplacedFile.settings(testbed, "policy.listen-ports = [80, 8001-8003, 20000]\n")) {
            assertThat(alice.type("srun -w cn1 --tunnel 8003:8000 true").stderr())
                    .contains("; 20000 is free: ask for 20000:8000, or for auto:8000\n");
            try (RunningCommand last = bob.serve(20000)) {
                assertThat(alice.type("srun -w cn1 --tunnel 8003:8000 true").stderr())
                        .contains("; 8001 is free: ask for 8001:8000, or for auto:8000\n");
            }
            assertThat(alice.type("srun -w cn1 --tunnel 8003:8000,20000:8000 true")
                            .stderr())
                    .contains("; 8001 is free: ask for 8001:8000, or for auto:8000\n");
            assertThat(alice.type("srun -w cn1 --tunnel 8001-8003:8001-8003,20000:8000 true")
                            .stderr())
                    .contains("; no other port of 80, 8001-8003, 20000 is free on login: ");
        }
    }

    /** On the other host nobody can look; what is known of it is told, and the rest as it may be. */
    @Test
    void isOnTheOtherHost() {
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel web=R8001:8000 " + WAIT)) {
            step.awaitStderr("tunnel up: ");
            assertThat(alice.run(STUNNEL, "open", job(), "R8001:8000").stderr())
                    .contains("  next: held by your job " + job() + ", tunnel web (`stunnel close " + job()
                            + ".0 web` ends it); ask for another port, or for Rauto:8000\n");
            assertThat(alice.type("srun -w cn2 --tunnel R8001:8000 true").exit())
                    .as("on another host")
                    .isZero();
            try (RunningCommand others = bob.on("cn2").serve(8001)) {
                assertThat(alice.type("srun -w cn2 --tunnel R8001:8000 true").stderr())
                        .contains("  next: ")
                        .doesNotContain("held by your job");
            }
        }
        try (Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 --wrap '" + WAIT + "'")) {
            Await.until("sshd listens", () -> alice.listensOn(8001));

            try (Job other = Job.submit(alice, "sbatch -w cn2 --tunnel 8001:8000 --wrap true")) {
                assertThat(other.awaitEnd().state()).isEqualTo("FAILED");
                assertThat(other.output())
                        .contains("  next: the port may be taken on login, by another job of yours too"
                                + " (`ss -ltn` there shows it): ask for another one, or for auto:8000; else sshd");
            }
            assertThat(alice.type("srun -w cn2 --tunnel 8001:8000 true").stderr())
                    .contains(
                            "  next: held by a process of yours that cannot be looked at, such as the sshd of a tunnel"
                                    + " that ends here" + OFFER);
        }
    }

    private String job() {
        return alice.output("squeue", "--me", "--noheader", "--format=%A", "--sort=i")
                .lines()
                .findFirst()
                .orElseThrow();
    }
}
