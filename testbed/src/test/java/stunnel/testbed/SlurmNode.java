package stunnel.testbed;

/** The slurmd of a node. */
final class SlurmNode {
    private static final String STOP =
            "kill $(cat /run/slurmd.pid); while [ -e /run/slurmd.pid ]; do sleep 0.02; done; ";

    private SlurmNode() {}

    /** Starts it anew, so that it reads slurm.conf; its jobs go on. Returns when the node takes jobs. */
    static void restart(Account node) {
        restart(node, "slurmd");
    }

    /** The same with another command than usual to start it. */
    static void restart(Account node, String command) {
        node.output("bash", "-c", STOP + command);
        Await.until(
                "slurmd of " + node.host() + " answers",
                () -> node.run("srun", "-w", node.host(), "true").exit() == 0);
    }
}
