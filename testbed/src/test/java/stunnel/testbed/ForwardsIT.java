package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The forms of a forward that the seed's examples do not have, each with bytes through it. */
@TestbedTest
class ForwardsIT {
    /** SOCKS5 by hand: no authentication, then CONNECT to the name localhost, port 8000. */
    private static final String SOCKS_CLIENT = """
            exec 3<>/dev/tcp/127.0.0.1/1080
            printf '\\x05\\x01\\x00' >&3
            head -c 2 <&3 >/dev/null
            printf '\\x05\\x01\\x00\\x03\\x09localhost\\x1f\\x40' >&3
            head -c 10 <&3 >/dev/null
            printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3
            tail -n 1 <&3
            """;

    /** What users have in ~/.ssh/config, and what must not reach a tunnel. */
    private static final String TROUBLE = """
            LocalForward 8005 localhost:1
            RemoteForward 8006 localhost:1
            ControlMaster auto
            ControlPath ~/.ssh/%C
            ControlPersist yes
            RemoteCommand sleep 600
            RequestTTY yes
            """;

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void hundredForwardsInOneSpec() {
        String spec = IntStream.range(0, 100)
                .mapToObj(i -> "%d:%d".formatted(20000 + i, 30000 + i % 50))
                .collect(Collectors.joining(","));
        String servers = "/opt/testbed/serve $(seq 30000 30049)";
        try (RunningCommand step =
                alice.startTyped("srun -w cn1 --tunnel " + spec + " bash -c 'exec " + servers + "'")) {
            step.awaitStdout("serving");

            assertThat(alice.type("seq 20000 20099 | xargs --max-args=1 --max-procs=4 /opt/testbed/fetch")
                            .stdout()
                            .lines())
                    .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 100)
                            .mapToObj(i -> "hello from cn1:" + (30000 + i % 50))
                            .toList());
        }
    }

    @Test
    void rangeInBothDirections() {
        try (RunningCommand server = alice.as("bob").serve(9101, 9102);
                RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001-8003:8101-8103,R9001-9002:9101-9102"
                        + " bash -c '/opt/testbed/fetch 9002; exec /opt/testbed/serve 8101 8102 8103'")) {
            step.awaitStdout("hello from login:9102").awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8101");
            assertThat(alice.fetch(8003)).isEqualTo("hello from cn1:8103");
        }
    }

    @Test
    void portAlone() {
        try (RunningCommand step = step("8000")) {
            assertThat(alice.fetch(8000)).isEqualTo("hello from cn1:8000");
        }
    }

    @Test
    void thirdHostBehindTheNode() {
        try (RunningCommand server = alice.as("bob").on("cn2").serve(1900);
                RunningCommand step = step("8001:cn2:1900")) {
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn2:1900");
        }
    }

    @Test
    void destinationInIpv6() {
        try (RunningCommand step = step("8001:[::1]:8000")) {
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        }
    }

    @Test
    void listenerInIpv6() {
        try (RunningCommand step = step("[::1]:8001:localhost:8000")) {
            assertThat(alice.fetch("::1", 8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.reaches(8001)).as("on 127.0.0.1").isFalse();
        }
    }

    @Test
    void listenerOnLoopbackAloneIfNothingElseIsSaid() {
        try (RunningCommand step = step("8001:8000")) {
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.run("/opt/testbed/fetch", "8001", "10.77.0.1").exit())
                    .isEqualTo(1);
        }
    }

    @Test
    void listenerOnEveryAddress() {
        try (RunningCommand step = step("*:8001:localhost:8000")) {
            assertThat(alice.fetch("10.77.0.1", 8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.on("cn2").fetch("10.77.0.1", 8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.fetch("::1", 8001)).isEqualTo("hello from cn1:8000");
        }
    }

    @Test
    void socksProxy() {
        try (RunningCommand step = step("D1080")) {
            assertThat(alice.bash(SOCKS_CLIENT).stdout()).isEqualTo("hello from cn1:8000\n");
        }
    }

    @Test
    void ofTwoUsersAtOnce() {
        Account bob = alice.as("bob");
        try (RunningCommand ofAlice = step("8001:8000");
                RunningCommand ofBob = bob.startTyped("srun -w cn2 --tunnel 8002:8000 /opt/testbed/serve 8000")) {
            ofBob.awaitStdout("serving");

            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(bob.fetch(8002)).isEqualTo("hello from cn2:8000");
        }
    }

    @Test
    void areNotDisturbedByTheUsersOwnForwards() {
        try (ReplacedFile own = ReplacedFile.with(alice, ".ssh/config", TROUBLE);
                RunningCommand step = step("8001:8000")) {
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            assertThat(alice.listensOn(8005)).isFalse();
            assertThat(alice.on("cn1").listensOn(8006)).isFalse();
        }
    }

    /** A step on cn1 that serves on port 8000. */
    private RunningCommand step(String spec) {
        return alice.startTyped("srun -w cn1 --tunnel '" + spec + "' /opt/testbed/serve 8000")
                .awaitStdout("serving");
    }
}
