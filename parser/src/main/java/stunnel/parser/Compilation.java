package stunnel.parser;

import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Diagnostic;
import stunnel.plan.TunnelPlan;

/**
 * What became of a {@code --tunnel} value.
 *
 * @param plan present if and only if no diagnostic is an error
 * @param diagnostics everything that is wrong, in the order of the text
 */
public record Compilation(Optional<TunnelPlan> plan, List<Diagnostic> diagnostics) {
    public Compilation {
        diagnostics = List.copyOf(diagnostics);
        if (plan.isPresent() == Diagnostic.anyError(diagnostics)) {
            throw new IllegalArgumentException("a plan if and only if there is no error");
        }
    }
}
