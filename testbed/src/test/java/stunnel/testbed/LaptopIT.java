package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way from the user's own computer, whose part the node cn2 plays: what is to be typed there is typed there. */
@TestbedTest
class LaptopIT {
    private static final String STUNNEL = "/opt/slurm-stunnel/bin/stunnel";
    private static final String LOGIN_HOST = "login.host = \"%h\"\n";
    private static final Pattern LINE = Pattern.compile("^on your own computer: (ssh .*)$", Pattern.MULTILINE);

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account laptop = alice.on("cn2");

    @ParameterizedTest
    @CsvSource({"8001:8000, 8001", "auto:8000, 0", "/home/alice/web.sock:8000, 8000"})
    void isToldByAndReachesATunnelOfSrun(String spec, int port) {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, LOGIN_HOST);
                RunningCommand step = alice.startTyped("srun -w cn1 --tunnel " + spec + " /opt/testbed/serve 8000")) {
            step.awaitStdout("serving").awaitStderr("on your own computer: ");
            String line = lineIn(step.stderr().replace("srun: ", ""));
            assertReaches(line, port == 0 ? firstPort(line) : port);
            assertThat(alice.output(STUNNEL, "list")).endsWith(": " + line);
            assertThat(alice.output(STUNNEL, "list", "--json")).contains("\"laptop\":\"" + line + "\"");
        }
    }

    @Test
    void isToldByAndReachesATunnelOfSbatch() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, LOGIN_HOST);
                Job job =
                        Job.submit(alice, "sbatch -w cn1 --tunnel R8001:8000 --wrap 'exec /opt/testbed/serve 8000'")) {
            String line = lineIn(job.awaitOutput("serving").output());
            assertThat(line).isEqualTo("ssh -N -L 8001:127.0.0.1:8001 alice@login");
            assertReaches(line, 8001);
        }
    }

    /** Its submit host is a node, which the own computer does not reach. */
    @Test
    void isNotToldByAnSrunInAJob() {
        try (ReplacedFile settings = ReplacedFile.settings(testbed, LOGIN_HOST);
                Job job = Job.submit(alice, "sbatch -w cn1 --wrap 'srun --tunnel 8001:8000 true'")) {
            assertThat(job.awaitEnd().output()).isEqualTo("srun: tunnel up: cn1:8001 -> cn1:8000\n");
        }
    }

    @Test
    void getsToTheNodeOfAJob() {
        try (Job job = Job.submit(alice, "sbatch -w cn1 --wrap 'echo runs; exec sleep infinity'")) {
            job.awaitOutput("runs");
            Outcome lines = alice.run(STUNNEL, "ssh-config", job.id());
            assertThat(lines.stderr()).isEmpty();
            laptop.write("job-config", lines.stdout());
            String host = "job-" + job.id();

            assertThat(laptop.output("ssh", "-G", "-F", "job-config", host).lines())
                    .contains("hostname cn1", "user alice", "proxyjump alice@login", "hostkeyalias " + host);
            assertThat(laptop.output("ssh", "-F", "job-config", "-o", "UserKnownHostsFile=job-hosts", host, "hostname"))
                    .isEqualTo("cn1");

            assertThat(alice.output(STUNNEL, "ssh-config", job.id(), "--login", "gate.example.org"))
                    .contains("ProxyJump alice@gate.example.org");
            assertThat(alice.as("bob").run(STUNNEL, "ssh-config", job.id()))
                    .isEqualTo(new Outcome(
                            1, "", "stunnel: job " + job.id() + " is not yours; `squeue --me` shows yours\n"));
            assertThat(alice.run(STUNNEL, "ssh-config", job.id(), "--node", "cn2")
                            .stderr())
                    .startsWith("stunnel: Slurm knows no job " + job.id() + " that has the node cn2");
        } finally {
            laptop.run("rm", "-f", "job-config", "job-hosts");
        }
    }

    private void assertReaches(String line, int port) {
        try (RunningCommand ssh = laptop.startTyped("exec " + line)) {
            Await.until("the own computer reaches the job", () -> laptop.reaches(port));
            assertThat(laptop.fetch(port)).isEqualTo("hello from cn1:8000");
            assertThat(ssh.isRunning()).isTrue();
        }
    }

    private static String lineIn(String text) {
        Matcher line = LINE.matcher(text);
        assertThat(line.find()).as(text).isTrue();
        return line.group(1);
    }

    private static int firstPort(String line) {
        Matcher port = Pattern.compile("-L (\\d+):").matcher(line);
        assertThat(port.find()).as(line).isTrue();
        return Integer.parseInt(port.group(1));
    }
}
