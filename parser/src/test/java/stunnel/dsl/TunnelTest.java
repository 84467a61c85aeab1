package stunnel.dsl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static stunnel.dsl.Slurm.salloc;
import static stunnel.dsl.Slurm.sbatch;
import static stunnel.dsl.Slurm.srun;
import static stunnel.dsl.Ssh.auto;
import static stunnel.dsl.Ssh.dynamic;
import static stunnel.dsl.Ssh.host;
import static stunnel.dsl.Ssh.local;
import static stunnel.dsl.Ssh.port;
import static stunnel.dsl.Ssh.ports;
import static stunnel.dsl.Ssh.remote;
import static stunnel.dsl.Ssh.socket;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.DiagnosticText;
import stunnel.diagnostic.Source;
import stunnel.parser.Compilation;
import stunnel.parser.TunnelCompiler;

class TunnelTest {
    static final List<Tunnel> SOUND = List.of(
            srun(local(port(8001)).to(port(8000))),
            sbatch(remote(port(8001)).to(host("db").port(5432)).named("web")),
            salloc(local(ports(8001, 8010)).to(host("10.0.0.1").ports(1, 10))),
            srun(
                    local(port(8001).on("*")).to(port(8000)),
                    remote(port(8001).on("::1")).to(host("::1").port(80))),
            srun(local(auto()).to(port(8000)), remote(auto().on("::1")).to(port(8000))),
            srun(local(socket("/run/a")).to(socket("/run/b")), local(port(8001)).to(socket("/run/b"))),
            srun(
                    dynamic(port(1080)),
                    dynamic(port(1081).on("127.0.0.2")),
                    dynamic(ports(2000, 2003)),
                    dynamic(auto())));

    static final List<Tunnel> WRONG = List.of(
            srun(local(port(80)).to(port(8000))),
            srun(local(port(8001)).to(port(70_000))),
            srun(local(port(8001)).to(port(-1))),
            srun(local(port(8001)).to(port(8000)), dynamic(port(8001))),
            srun(local(ports(8001, 8010)).to(ports(8001, 8011))),
            srun(local(ports(8010, 8001)).to(ports(1, 10))),
            srun(local(ports(8001, 8010)).to(socket("/run/a"))),
            srun(local(auto()).to(ports(1, 2))),
            srun(local(port(8001)).to(port(1)).named("a-b")));

    @ParameterizedTest
    @FieldSource("SOUND")
    void isTheSamePlanAsItsText(Tunnel tunnel) {
        Compilation compilation = tunnel.compile();
        assertThat(compilation.plan())
                .as(tunnel.text() + DiagnosticText.render(compilation.diagnostics()))
                .isPresent();
        assertThat(compiled(tunnel.text(), tunnel).plan()).isEqualTo(compilation.plan());
        assertThat(compiled(compilation.plan().orElseThrow().text(), tunnel).plan())
                .isEqualTo(compilation.plan());
    }

    @ParameterizedTest
    @FieldSource("WRONG")
    void hasTheSameErrorsAsItsText(Tunnel tunnel) {
        Compilation compilation = tunnel.compile();
        assertThat(compilation.plan()).isEmpty();
        assertThat(DiagnosticText.render(compilation.diagnostics()))
                .isEqualTo(DiagnosticText.render(compiled(tunnel.text(), tunnel).diagnostics()));
    }

    @Test
    void takesNoWordForTwo() {
        for (String hostile : List.of("db:80,R22", "x,L9:1", "a b", "", "*", "-oProxyCommand=x", "[::1]:9")) {
            Compilation compilation =
                    srun(local(port(8001)).to(host(hostile).port(80))).compile();
            assertThat(compilation.plan()).as(hostile).isEmpty();
        }
        Compilation named = srun(local(port(8001)).to(port(1)).named("a=L9,b")).compile();
        assertThat(named.diagnostics()).extracting(Diagnostic::id).containsExactly(DiagnosticId.BAD_NAME);
        assertThatIllegalArgumentException().isThrownBy(() -> socket("8000"));
    }

    private static Compilation compiled(String text, Tunnel tunnel) {
        return TunnelCompiler.compile(new Source("tunnel", text), tunnel.origin(), false);
    }
}
