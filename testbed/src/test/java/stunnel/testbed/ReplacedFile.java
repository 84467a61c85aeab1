package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

/** A file of the testbed with other contents than before; closing it puts back what was there. */
final class ReplacedFile implements AutoCloseable {
    private static final String SETTINGS = "/etc/slurm/stunnel.conf";
    private static final String PLUGSTACK = "/etc/slurm/plugstack.conf";
    private static final String PLUGIN = "/opt/slurm-stunnel/lib/slurm-spank-stunnel.so";

    private final Account owner;
    private final String path;
    private final Outcome before;

    private ReplacedFile(Account owner, String path, String text) {
        this.owner = owner;
        this.path = path;
        this.before = owner.run("cat", path);
        owner.write(path, text);
    }

    static ReplacedFile with(Account owner, String path, String text) {
        return new ReplacedFile(owner, path, text);
    }

    /** The cluster's plugstack.conf, which every command and every step reads anew. */
    static ReplacedFile plugstack(Testbed testbed, String text) {
        return with(testbed.host("login"), PLUGSTACK, text);
    }

    /** A plugstack.conf with one line: the keyword ("required", say), the plugin, and its options. */
    static ReplacedFile plugstackLine(Testbed testbed, String keyword, String... options) {
        return plugstack(testbed, keyword + " " + PLUGIN + " " + String.join(" ", options) + "\n");
    }

    /** The cluster's settings of the plugin. */
    static ReplacedFile settings(Testbed testbed, String text) {
        return with(testbed.host("login"), SETTINGS, text);
    }

    @Override
    public void close() {
        if (before.exit() == 0) {
            owner.write(path, before.stdout());
        } else {
            assertThat(owner.run("rm", path).exit()).isZero();
        }
    }
}
