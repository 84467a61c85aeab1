package stunnel.config;

import java.time.Duration;
import java.util.List;

/**
 * How ssh is run.
 *
 * @param command the program and its first arguments; at least one word
 * @param args the site's own options
 * @param tuned whether ssh is told which algorithms are fast on its machine
 * @param connectTimeout ssh_config(5)'s ConnectTimeout, whole seconds
 * @param serverAliveInterval ssh_config(5)'s ServerAliveInterval, whole seconds
 * @param serverAliveCountMax ssh_config(5)'s ServerAliveCountMax
 * @param startTimeout the whole time that a tunnel may take to come up
 */
public record SshSettings(
        List<String> command,
        List<String> args,
        boolean tuned,
        Duration connectTimeout,
        Duration serverAliveInterval,
        int serverAliveCountMax,
        Duration startTimeout) {
    public SshSettings {
        command = List.copyOf(command);
        args = List.copyOf(args);
        if (command.isEmpty()) {
            throw new IllegalArgumentException("ssh.command has a word");
        }
    }
}
