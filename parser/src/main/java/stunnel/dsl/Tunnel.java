package stunnel.dsl;

import java.util.List;
import stunnel.diagnostic.Source;
import stunnel.parser.Compilation;
import stunnel.parser.TunnelCompiler;
import stunnel.plan.Origin;

/**
 * The forwards of one command, not yet checked.
 *
 * @param origin the command
 * @param forwardings in order; at least one
 */
public record Tunnel(Origin origin, List<Forwarding> forwardings) {
    private static final String NAME = "tunnel";

    public Tunnel {
        forwardings = List.copyOf(forwardings);
    }

    /** The value of {@code --tunnel} that says the same, right or wrong. */
    public String text() {
        return new TunnelWriter(forwardings).text();
    }

    /** The plan, or what is wrong with it; the diagnostics point into {@link #text()}. */
    public Compilation compile() {
        TunnelWriter writer = new TunnelWriter(forwardings);
        return TunnelCompiler.compile(new Source(NAME, writer.text()), writer.syntax(), origin, false);
    }
}
