package stunnel.testbed;

/** The slurmctld of the cluster. */
final class SlurmController {
    private static final String RESTART =
            "pid=$(cat /run/slurmctld.pid); kill $pid; while [ -e /proc/$pid ]; do sleep 0.02; done; slurmctld";

    private SlurmController() {}

    /** Starts it anew, so that it reads what `scontrol reconfigure` leaves alone. Returns when all nodes take jobs. */
    static void restart(Account login) {
        login.output("bash", "-c", RESTART);
        Await.until(
                "all nodes are idle",
                () -> login.run("sinfo", "--noheader", "--format=%T").stdout().equals("idle\n"));
    }
}
