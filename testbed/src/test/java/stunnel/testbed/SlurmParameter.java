package stunnel.testbed;

/** A line of slurm.conf; closing it removes the line. */
final class SlurmParameter implements AutoCloseable {
    private final Testbed testbed;
    private final String key;

    private SlurmParameter(Testbed testbed, String key, String value) {
        this.testbed = testbed;
        this.key = key;
        testbed.configureSlurm(key, value);
    }

    static SlurmParameter set(Testbed testbed, String key, String value) {
        return new SlurmParameter(testbed, key, value);
    }

    @Override
    public void close() {
        testbed.configureSlurm(key, "");
    }
}
