package stunnel.config;

import java.util.Optional;
import stunnel.plan.Policy;

/**
 * Every setting, typed and within its bounds.
 *
 * @param ssh how ssh is run
 * @param control where the tunnel keeps its files
 * @param policy what users may ask for
 * @param start what becomes of a job whose tunnel does not come up
 * @param log what is said, and where
 * @param loginHost the name of a host that users log in to, for their own computers; {@code %h} stands for the host's own
 * @param helperTask what helpertask_args adds to the start of ssh
 */
public record Settings(
        SshSettings ssh,
        ControlSettings control,
        Policy policy,
        StartPolicy start,
        LogSettings log,
        Optional<String> loginHost,
        HelperTask helperTask) {}
