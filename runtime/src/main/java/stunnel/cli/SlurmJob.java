package stunnel.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stunnel.runtime.HostList;
import stunnel.runtime.posix.FileAccess;
import stunnel.runtime.posix.Posix;
import stunnel.runtime.posix.SpawnRequest;

/**
 * A job as squeue(1) knows it.
 *
 * @param uid whose it is
 * @param state in Slurm's word, such as RUNNING
 * @param node its first node, empty while it has none
 */
record SlurmJob(String uid, String state, String node) {
    private static final String FORMAT = "%U|%T|%N";
    private static final int FIELDS = 3;
    private static final int ERROR = 2;

    /** Whether this is how Slurm counts jobs; a task of an array has a number of its own too. */
    static boolean isId(String text) {
        return text.matches("\\d+");
    }

    /** What to say to what is none. */
    static String notAnId(String text) {
        return text + " is not the number of a job; `squeue --me --format='%A %j'` shows it, of array tasks too";
    }

    /** Empty for one that there is no more, or that has nothing on {@code node}, if that is named. */
    static Optional<SlurmJob> of(String id, Optional<String> node, Posix posix) throws IOException {
        List<String> argv = new ArrayList<>(List.of("squeue", "--noheader", "--states=all", "--jobs=" + id));
        argv.add("--format=" + FORMAT);
        node.ifPresent(name -> argv.add("--nodelist=" + name));
        NamelessFile output = NamelessFile.create(posix);
        NamelessFile errors = NamelessFile.create(posix);
        int nothing = posix.openFile("/dev/null", FileAccess.READ);
        int pid = posix.spawn(
                new SpawnRequest(argv, Map.of(0, nothing, 1, output.descriptor(), ERROR, errors.descriptor())));
        posix.awaitEnd(pid);
        boolean answered = posix.reap(pid).isSuccess();
        String said = errors.text().strip();
        if (!answered && !said.contains("Invalid")) {
            throw new IOException("squeue tells nothing of job " + id + ": " + said);
        }
        String[] fields = output.text().strip().split("\\|", -1);
        return answered && fields.length == FIELDS
                ? Optional.of(new SlurmJob(
                        fields[0], fields[1], HostList.first(fields[2]).orElse("")))
                : Optional.empty();
    }

    boolean isRunning() {
        return state.equals("RUNNING");
    }

    boolean isPending() {
        return state.equals("PENDING") || state.equals("CONFIGURING");
    }
}
