package stunnel.testbed;

/** A line of slurm.conf; closing it brings back what was there before. */
final class SlurmParameter implements AutoCloseable {
    private final Testbed testbed;
    private final String key;
    private final String before;

    private SlurmParameter(Testbed testbed, String key, String value) {
        this.testbed = testbed;
        this.key = key;
        this.before = testbed.slurmParameter(key);
        testbed.configureSlurm(key, value);
    }

    static SlurmParameter set(Testbed testbed, String key, String value) {
        return new SlurmParameter(testbed, key, value);
    }

    @Override
    public void close() {
        testbed.configureSlurm(key, before);
    }
}
