package stunnel.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.config.Settings;
import stunnel.config.SettingsCompilation;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.Source;
import stunnel.parser.Compilation;
import stunnel.parser.TunnelCompiler;
import stunnel.plan.Origin;
import stunnel.plan.Policy;
import stunnel.plan.TunnelPlan;
import stunnel.runtime.ssh.PathTokens;
import stunnel.runtime.ssh.Routes;
import stunnel.runtime.ssh.SshCommands;
import stunnel.runtime.ssh.SshTuning;

/**
 * Compiles specs that are all given to one command on one site.
 *
 * @param origin the command
 * @param node the job's first node, if it is known
 * @param submitHost the host that the job is submitted on, if it is known
 * @param uid who is asking
 * @param site the settings
 * @param prefix where the plugin is installed
 */
record Planner(
        Origin origin,
        Optional<String> node,
        Optional<String> submitHost,
        int uid,
        SettingsCompilation site,
        Path prefix) {
    private static final String UNKNOWN_NODE = "NODE";
    private static final String UNKNOWN_SUBMIT_HOST = "SUBMIT_HOST";

    /** Known when the job runs only. */
    private static final String UNKNOWN_JOB = "%j";

    Planned plan(String spec) {
        Policy policy = site.settings().isPresent() ? site.settings().get().policy() : Policy.OPEN;
        Compilation compilation = TunnelCompiler.compile(new Source("--tunnel", spec), origin, uid == 0, policy);
        List<Diagnostic> diagnostics = new ArrayList<>(compilation.diagnostics());
        diagnostics.addAll(site.diagnostics());
        Optional<TunnelPlan> plan = compilation.plan();
        Optional<Settings> settings = site.settings();
        if (plan.isEmpty() || settings.isEmpty()) {
            return new Planned(diagnostics, Optional.empty());
        }
        return new Planned(diagnostics, Optional.of(tunnel(plan.get(), settings.get())));
    }

    private Planned.Tunnel tunnel(TunnelPlan plan, Settings settings) {
        boolean local = origin == Origin.SRUN;
        Optional<String> target = local ? node : submitHost;
        String nodeName = node.orElse(UNKNOWN_NODE);
        String submitName = submitHost.orElse(UNKNOWN_SUBMIT_HOST);
        Routes routes = new Routes(plan, local ? submitName : nodeName, local ? nodeName : submitName);
        String parent = new PathTokens(uid, UNKNOWN_JOB, routes.opener())
                .expand(settings.control().dir());
        String directory = (parent.equals("/") ? "" : parent) + "/stunnel-" + uid + "-XXXXXX";
        SshCommands commands =
                new SshCommands(settings, SshTuning.of(settings.ssh(), prefix), directory, routes.target());
        return new Planned.Tunnel(routes, commands, local ? "local" : "remote", target, site.siteFile());
    }
}
