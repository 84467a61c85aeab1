package stunnel.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import stunnel.cases.CaseFile;
import stunnel.diagnostic.DiagnosticText;
import stunnel.diagnostic.Source;
import stunnel.plan.Destination;
import stunnel.plan.Forward;
import stunnel.plan.Listener;
import stunnel.plan.TunnelPlan;

class TunnelCasesTest {

    @TestFactory
    Stream<DynamicTest> acceptsAndPlans() {
        return CaseFile.tests("valid", ".tunnel", TunnelCasesTest::accept);
    }

    @TestFactory
    Stream<DynamicTest> refusesAndExplains() {
        return CaseFile.tests("invalid", ".tunnel", TunnelCasesTest::refuse);
    }

    private static void accept(CaseFile file) {
        TunnelCase tunnel = TunnelCase.of(file);
        Compilation compilation = tunnel.compile();
        String diagnostics = DiagnosticText.render(compilation.diagnostics());
        assertThat(compilation.plan()).as(diagnostics).isPresent();
        TunnelPlan plan = compilation.plan().orElseThrow();
        file.expect(".plan", described(plan) + diagnostics);

        Source text = new Source("text", plan.text());
        Compilation again = TunnelCompiler.compile(text, tunnel.origin(), tunnel.privileged());
        assertThat(again.plan()).as(plan.text()).contains(plan);
    }

    private static void refuse(CaseFile file) {
        Compilation compilation = TunnelCase.of(file).compile();
        assertThat(compilation.plan()).isEmpty();
        file.expect(".diag", DiagnosticText.render(compilation.diagnostics()));
    }

    private static String described(TunnelPlan plan) {
        StringBuilder text = new StringBuilder();
        text.append(plan.origin().text()).append(": ").append(plan.text()).append('\n');
        for (Forward forward : plan.forwards()) {
            text.append(forward.direction().letter()).append(' ').append(described(forward.listener()));
            text.append(" -> ").append(described(forward.destination()));
            forward.name().ifPresent(name -> text.append(" as ").append(name));
            text.append('\n');
        }
        return text.toString();
    }

    private static String described(Listener listener) {
        if (listener instanceof Listener.Tcp tcp) {
            return tcp.bind().text() + ":" + tcp.port();
        }
        return listener instanceof Listener.Auto auto
                ? auto.bind().text() + ":auto"
                : ((Listener.UnixSocket) listener).path();
    }

    private static String described(Destination destination) {
        if (destination instanceof Destination.Tcp tcp) {
            return tcp.host().text() + ":" + tcp.port();
        }
        return destination instanceof Destination.UnixSocket socket ? socket.path() : "SOCKS";
    }
}
