package stunnel.config;

/**
 * Every setting, typed and within its bounds.
 *
 * @param ssh how ssh is run
 * @param control where the tunnel keeps its files
 * @param start what becomes of a job whose tunnel does not come up
 * @param log what is said, and where
 * @param helperTask what helpertask_args adds to the start of ssh
 */
public record Settings(
        SshSettings ssh, ControlSettings control, StartPolicy start, LogSettings log, HelperTask helperTask) {}
