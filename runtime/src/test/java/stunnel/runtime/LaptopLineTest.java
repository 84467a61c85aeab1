package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stunnel.diagnostic.Source;
import stunnel.parser.TunnelCompiler;
import stunnel.plan.Origin;
import stunnel.plan.TunnelPlan;
import stunnel.runtime.ssh.Routes;

class LaptopLineTest {
    /** The host of srun is login2, and for sbatch that which the job was submitted on. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "SRUN;8001:8000;-L 8001:127.0.0.1:8001",
                "SRUN;8001:8000,D1080;-L 8001:127.0.0.1:8001 -L 1080:127.0.0.1:1080",
                "SRUN;*:8001:localhost:8000;-L 8001:127.0.0.1:8001",
                "SRUN;[::1]:8001:localhost:8000;-L 8001:[::1]:8001",
                "SRUN;8001:8000,[::1]:8001:localhost:8000;-L 8001:127.0.0.1:8001 -L 8002:[::1]:8001",
                "SRUN;/home/alice/web.sock:8888;-L 8888:/home/alice/web.sock",
                "SRUN;/home/alice/web.sock:443;-L 8443:/home/alice/web.sock",
                "SRUN;/home/alice/web.sock:/run/db.sock;-L 8080:/home/alice/web.sock",
                "SRUN;8001:8000,R9000:9000;-L 8001:127.0.0.1:8001",
                "SBATCH;R8001:8000;-L 8001:127.0.0.1:8001",
                "SBATCH;8001:8000,L1900:db:1900;-L 8001:127.0.0.1:8001",
                "SBATCH;/home/alice/web.sock:8000;-L 8000:/home/alice/web.sock",
            })
    void leadsToWhatATunnelListensOnAtTheSubmitHost(Origin origin, String spec, String options) {
        assertThat(line(origin, spec, "login.example.org")).contains("ssh -N " + options + " alice@login.example.org");
        assertThat(line(origin, spec, "%h.example.org")).contains("ssh -N " + options + " alice@login2.example.org");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"SRUN;R8001:8000", "SBATCH;L8001:8000", "SALLOC;D1080"})
    void isLeftOutWhereNothingListensThere(Origin origin, String spec) {
        assertThat(line(origin, spec, "login.example.org")).isEmpty();
    }

    @Test
    void isToldInJsonAloneWhereItIsTooLong() {
        String eight = line(Origin.SRUN, "8001-8008:8001-8008", "login").orElseThrow();
        String nine = line(Origin.SRUN, "8001-8009:8001-8009", "login").orElseThrow();
        assertThat(LaptopLine.shown(eight, "812", "login")).isEqualTo(eight);
        assertThat(nine).contains("-L 8009:127.0.0.1:8009 ");
        assertThat(LaptopLine.shown(nine, "812", "login"))
                .isEqualTo("an ssh command with 9 ports, which `stunnel list 812 --json` on login has as \"laptop\"");
    }

    @ParameterizedTest
    @CsvSource({"SRUN", "SBATCH"})
    void isLeftOutWhereTheSiteDoesNotNameItsLoginHost(Origin origin) {
        Routes routes = routes(origin, "8001:8000");
        assertThat(LaptopLine.of(routes, RunningProcess.own(), "alice", Optional.empty()))
                .isEmpty();
    }

    private static Optional<String> line(Origin origin, String spec, String login) {
        return LaptopLine.of(routes(origin, spec), RunningProcess.own(), "alice", Optional.of(login));
    }

    private static Routes routes(Origin origin, String spec) {
        TunnelPlan plan = TunnelCompiler.compile(new Source("--tunnel", spec), origin, false)
                .plan()
                .orElseThrow();
        return origin == Origin.SRUN ? new Routes(plan, "login2", "cn1") : new Routes(plan, "cn1", "login2");
    }
}
