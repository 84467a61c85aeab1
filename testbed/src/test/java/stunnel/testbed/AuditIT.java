package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The lines that the system's log gets about tunnels. */
@TestbedTest
class AuditIT {
    /** Sends to the log until it takes no more. */
    private static final String FILL = """
            use Socket;
            socket(my $log, AF_UNIX, SOCK_DGRAM, 0) or die;
            connect($log, pack_sockaddr_un("/dev/log")) or die;
            1 while send($log, "full", MSG_DONTWAIT);
            """;

    private final Testbed testbed = Testbed.shared();
    private final Account login = testbed.host("login");
    private final Account alice = testbed.alice();

    @Test
    void tellsOfTheBeginningAndTheEnd() {
        String uid = alice.output("id", "-u");
        try (SystemLog log = SystemLog.on(login)) {
            String job = alice.type("srun -w cn1 --tunnel 8001:8000,R9001:license_server:1900 printenv SLURM_JOB_ID")
                    .stdout()
                    .strip();

            String facts = "user=alice uid=%s job=%s step=0 from=login to=cn1".formatted(uid, job);
            String tunnel = " tunnel=L8001:8000,R9001:license_server:1900";
            assertThat(log.await(2)).containsExactly("opened " + facts + tunnel, "closed " + facts + tunnel);
            assertThat(log.text()).contains(" authpriv.info stunnel[");
        }
    }

    @Test
    void tellsWhyATunnelWasNotOpened() {
        try (SystemLog log = SystemLog.on(login);
                RunningCommand holder = alice.as("bob").serve(8001)) {
            alice.type("srun -w cn1 --tunnel 8001:8000 true");

            assertThat(log.await(1))
                    .singleElement()
                    .asString()
                    .startsWith("failed user=alice ")
                    .contains(" tunnel=L8001:8000 why=tunnel not opened: forward L8001:8000 ");
        }
    }

    @Test
    void tellsOfABatchJobOnItsNodeAlsoWhenItIsKilled() {
        try (SystemLog log = SystemLog.on(testbed.host("cn2"));
                Job job = Job.submit(alice, "sbatch -w cn2 --tunnel 8001:8000 --wrap 'echo on; sleep infinity'")
                        .awaitOutput("on")) {
            assertThat(log.await(1)).singleElement().asString().startsWith("opened user=alice ");

            testbed.host("cn2").type("kill -KILL $(ps -C stunnel-keeper -o pid=)");

            job.cancel();
            assertThat(log.await(2).get(1))
                    .startsWith("closed user=alice ")
                    .contains(" job=" + job.id() + " step=batch from=cn2 to=login");
        }
    }

    @Test
    void saysNothingIfTheSiteDoesNotWantIt() {
        try (SystemLog log = SystemLog.on(login);
                ReplacedFile settings = ReplacedFile.settings(testbed, "log.audit = false\n")) {
            assertThat(alice.type("srun -w cn1 --tunnel 8001:8000 echo ran").stdout())
                    .isEqualTo("ran\n");

            login.output("busybox", "logger", "the end");
            Await.until("the last line", () -> log.text().contains("the end"));
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void waitsForNobodyWhoReadsNoLog() {
        try (SystemLog log = SystemLog.on(login)) {
            login.output("bash", "-c", "kill -STOP $(cat /run/syslogd.pid)");
            login.output("perl", "-e", FILL);

            assertThat(alice.type("srun -w cn1 --tunnel 8001:8000 echo ran").stdout())
                    .isEqualTo("ran\n");
            // srun would not wait for a keeper that hangs: that is seen of the tunnel alone.
            testbed.awaitEndOfTunnel("login", 8001);
        }
    }
}
