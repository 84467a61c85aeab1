package stunnel.config;

import java.util.List;
import java.util.Optional;

/**
 * The options of a plugstack line, compiled; what is absent is left to stunnel.conf.
 *
 * @param sshCommand ssh_cmd: at least one word
 * @param sshArgs ssh_args: options of ssh
 * @param helperTask helpertask_args
 * @param conf conf: the settings file
 */
public record PluginArguments(
        Optional<List<String>> sshCommand,
        Optional<List<String>> sshArgs,
        HelperTask helperTask,
        Optional<ConfPath> conf) {}
