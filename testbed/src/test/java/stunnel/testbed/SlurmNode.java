package stunnel.testbed;

/** The slurmd of a node. */
final class SlurmNode {
    private static final String RESTART =
            "kill $(cat /run/slurmd.pid); while [ -e /run/slurmd.pid ]; do sleep 0.02; done; slurmd";

    private SlurmNode() {}

    /** Starts it anew, so that it reads slurm.conf; its jobs go on. Returns when the node takes jobs. */
    static void restart(Account node) {
        node.output("bash", "-c", RESTART);
        Await.until(
                "slurmd of " + node.host() + " answers",
                () -> node.run("srun", "-w", node.host(), "true").exit() == 0);
    }
}
