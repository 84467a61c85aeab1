package stunnel.runtime.ssh;

import java.util.List;
import stunnel.diagnostic.Source;
import stunnel.parser.TunnelCompiler;
import stunnel.plan.Forward;
import stunnel.plan.Origin;
import stunnel.plan.TunnelPlan;

/** Plans out of the language that users write them in. */
final class Plans {
    private Plans() {}

    static TunnelPlan of(String spec) {
        return TunnelCompiler.compile(new Source("--tunnel", spec), Origin.SRUN, true)
                .plan()
                .orElseThrow();
    }

    static Forward forward(String spec) {
        return forwards(spec).get(0);
    }

    static List<Forward> forwards(String spec) {
        return of(spec).forwards();
    }
}
