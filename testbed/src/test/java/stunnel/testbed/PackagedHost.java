package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

/**
 * A host on which packages can be installed: what they change of the machine's own files, which the hosts share, goes
 * into layers of memory. Closing it takes the layers away.
 */
record PackagedHost(Account root) implements AutoCloseable {
    private static final String LAYERS = "/run/layers";
    private static final List<String> LAYERED =
            List.of("/usr", "/etc/slurm", "/var/lib/dpkg", "/var/lib/apt", "/var/cache");

    static PackagedHost on(Testbed testbed, String host) {
        Account root = testbed.host(host);
        for (String folder : LAYERED) {
            String layer = LAYERS + folder;
            root.output("mkdir", "-p", layer + "/upper", layer + "/work");
            String options = "lowerdir=%s,upperdir=%s/upper,workdir=%s/work".formatted(folder, layer, layer);
            root.output("mount", "-t", "overlay", "-o", options, "overlay", folder);
        }
        return new PackagedHost(root);
    }

    /** Runs apt-get as an administrator does whom nobody asks; the hosts have no network. What it says. */
    Outcome apt(String... arguments) {
        Stream<String> command = Stream.of("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--yes", "--quiet");
        Outcome outcome = root.run(Stream.concat(command, Stream.of(arguments)).toArray(String[]::new));
        assertThat(outcome.exit()).as("%s", outcome).isZero();
        return outcome;
    }

    /** All that packages have left: what is new, changed or gone in /usr and /etc/slurm, and changed elsewhere in /etc. */
    String traces() {
        String finds = "find %1$s/usr/upper %1$s/etc/slurm/upper ! -type d ! -name plugstack.conf;"
                + "find /etc -path /etc/slurm -prune -o ! -type d -cnewer %1$s/usr -print";
        return root.output("bash", "-c", finds.formatted(LAYERS));
    }

    /** The host's own plugstack.conf, which every command and every step reads anew. */
    void plug(String line) {
        root.write("/etc/slurm/plugstack.conf", line + "\n");
    }

    @Override
    public void close() {
        LAYERED.forEach(folder -> root.output("umount", "--lazy", folder));
        root.output("rm", "-r", LAYERS);
    }
}
