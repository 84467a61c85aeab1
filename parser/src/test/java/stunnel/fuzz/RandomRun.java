package stunnel.fuzz;

/** How long the tests with random inputs run, and from which seed: asked for with system properties. */
public final class RandomRun {
    /** Where all random inputs begin: {@code -Dstunnel.seed=N}, else another one in each run. */
    public static final long SEED = Long.getLong("stunnel.seed", System.nanoTime());

    static {
        System.out.println("random inputs with -Dstunnel.seed=" + SEED);
    }

    private RandomRun() {}

    /** How many inputs: {@code -Dstunnel.iterations=N}, else what is bearable in each build. */
    public static int iterations(int usually) {
        return Integer.getInteger("stunnel.iterations", usually);
    }
}
