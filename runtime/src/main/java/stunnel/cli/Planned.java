package stunnel.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Diagnostic;
import stunnel.runtime.ssh.Routes;
import stunnel.runtime.ssh.SshCommands;

/**
 * What became of one spec.
 *
 * @param diagnostics everything that was said about it and the settings
 * @param tunnel present unless one of them is an error
 */
record Planned(List<Diagnostic> diagnostics, Optional<Tunnel> tunnel) {

    /**
     * A tunnel as it would be opened.
     *
     * @param routes between which hosts; a host that is not known has a placeholder
     * @param commands what would be run
     * @param context Slurm's word for where: local in srun, remote on the node
     * @param target what ssh connects to, if that is known
     * @param siteFile the stunnel.conf that was used, if there is one
     */
    record Tunnel(
            Routes routes, SshCommands commands, String context, Optional<String> target, Optional<Path> siteFile) {}

    boolean isSound() {
        return tunnel.isPresent();
    }
}
