package stunnel.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import stunnel.doctor.SlurmJob;
import stunnel.runtime.LaptopLine;
import stunnel.runtime.OwnCommand;
import stunnel.runtime.RunningProcess;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.ssh.HostName;

/** {@code stunnel ssh-config}: how ssh on the user's own computer gets to the node of a job. */
@Command(
        name = "ssh-config",
        description =
                "Write the lines for ~/.ssh/config of your own computer by which ssh, and editors that use it, get"
                        + " to the node of a job of yours, through this host.",
        footer = {
            "",
            "Examples, the second one typed on your own computer:",
            "  ${ROOT-COMMAND-NAME} ssh-config 812",
            "  ssh login.example.org ${ROOT-COMMAND-NAME} ssh-config 812 >>~/.ssh/config; code --remote ssh-remote+job-812"
        },
        sortOptions = false)
final class SshConfigCommand implements Callable<Integer> {
    @Parameters(paramLabel = "JOBID", description = "The number of the job, as squeue shows it.")
    private String id = "";

    @Option(names = "--node", paramLabel = "HOST", description = "The node; the job's first if left out.")
    private Optional<String> node = Optional.empty();

    @Option(
            names = "--login",
            paramLabel = "HOST",
            description =
                    "The host to go through, as your own computer calls it; login.host of stunnel.conf if left out.")
    private Optional<String> login = Optional.empty();

    @Mixin
    private SiteOption site = new SiteOption();

    @Mixin
    private Invocation invocation = new Invocation();

    @Override
    public Integer call() throws IOException {
        if (!SlurmJob.isId(id)) {
            throw invocation.wrong(SlurmJob.notAnId(id));
        }
        checkHost("--node", node);
        checkHost("--login", login);
        SlurmJob job = SlurmJob.ask(id, node);
        Optional<String> objection = job.objection(Posix.system().userId(), node);
        Optional<String> configured = site.settings().loginHost();
        if (objection.isEmpty() && login.isEmpty() && RunningProcess.own().isOfAJob() && dependsOnHost(configured)) {
            objection = Optional.of(
                    "this host is a node: type it on the host that you log in to, or name that with --login");
        }
        if (objection.isPresent()) {
            Terminal.tell(OwnCommand.NAME + ": " + objection.get());
            return 1;
        }
        System.out.print(lines(node.orElse(job.first().orElse("")), configured));
        return 0;
    }

    private static boolean dependsOnHost(Optional<String> configured) {
        return configured.isEmpty() || configured.get().contains("%h");
    }

    private String lines(String target, Optional<String> configured) throws IOException {
        String host = "job-" + id;
        String user = System.getProperty("user.name");
        String through = login.isPresent() ? login.get() : LaptopLine.host(configured.orElse("%h"), Site.host());
        boolean known = login.isPresent() || configured.isPresent();
        return String.join(
                System.lineSeparator(),
                "# Job " + id + " on " + target + ", as long as it runs: ssh " + host,
                "Host " + host,
                "    HostName " + target,
                "    User " + user,
                known
                        ? "    # The host that you log in to:"
                        : "    # If your computer calls the host that you log in to otherwise, change this:",
                "    ProxyJump " + user + "@" + through,
                "    # The node's key is kept under the job's name, so that another job's, or a new one, is not in the way.",
                "    HostKeyAlias " + host,
                "    StrictHostKeyChecking accept-new",
                "");
    }

    private void checkHost(String option, Optional<String> host) {
        if (host.isPresent() && !HostName.isSafe(host.get())) {
            throw invocation.wrong(option + ": " + host.get() + " is not the name of a host");
        }
    }
}
