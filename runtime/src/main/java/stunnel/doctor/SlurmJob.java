package stunnel.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.runtime.HostList;

/**
 * A job as squeue(1) has it.
 *
 * @param id its number
 * @param uid whose it is; empty if squeue shows no such job
 * @param state such as RUNNING; if there is no such job what squeue says instead, which may be nothing
 * @param first its first node, if it has one yet
 */
public record SlurmJob(String id, String uid, String state, Optional<String> first) {
    private static final String RUNNING = "RUNNING";
    private static final int FIELDS = 3;

    /** Whether this is how Slurm counts jobs; a task of an array has a number of its own too. */
    public static boolean isId(String text) {
        return text.matches("\\d+");
    }

    /** Whether this is how {@code stunnel list} names a step. */
    public static boolean isStep(String text) {
        return text.matches("\\d+\\.\\w+");
    }

    /** What to say to what is no number of a job. */
    public static String notAnId(String text) {
        return text + " is not the number of a job; `squeue --me --format='%A %j'` shows it, of array tasks too";
    }

    /** One that has ended too, unless it was long ago; if a node is named, only what the job has there. */
    public static SlurmJob ask(String id, Optional<String> node) {
        List<String> selection = new ArrayList<>(List.of("--states=all"));
        node.ifPresent(name -> selection.add("--nodelist=" + name));
        return ask(id, selection);
    }

    /**
     * Of an array the first task that runs.
     *
     * @param selection squeue's options by which jobs are left out or added
     */
    static SlurmJob ask(String id, List<String> selection) {
        List<String> argv = new ArrayList<>(List.of("squeue", "--noheader", "--jobs=" + id, "--format=%U|%T|%N"));
        argv.addAll(selection);
        Optional<Program> squeue = Program.run(argv);
        SlurmJob found = new SlurmJob(
                id, "", squeue.map(SlurmJob::complaint).orElse("there is no squeue in PATH"), Optional.empty());
        for (Program.Line line : squeue.map(Program::lines).orElse(List.of())) {
            String[] fields = line.text().strip().split("\\|", -1);
            if (fields.length == FIELDS && !found.isRunning()) {
                found = new SlurmJob(id, fields[0], fields[1], HostList.first(fields[2]));
            }
        }
        return found;
    }

    /** An answer without a job is none. */
    private static String complaint(Program squeue) {
        return squeue.isSuccess() && squeue.lines().isEmpty() ? "" : squeue.firstLine();
    }

    public boolean isKnown() {
        return !uid.isEmpty();
    }

    public boolean isOf(int user) {
        return uid.equals(Integer.toUnsignedString(user));
    }

    public boolean isRunning() {
        return state.equals(RUNNING);
    }

    /** Whether it has no node yet, or none that is ready. */
    public boolean isPending() {
        return state.equals("PENDING") || state.equals("CONFIGURING");
    }

    /**
     * Why no tunnel of a user's can lead to it, and what to do, in a sentence; empty if one can.
     *
     * @param node the node that was asked for with {@code --nodelist}, if one was
     */
    public Optional<String> objection(int caller, Optional<String> node) throws IOException {
        if (!isKnown() && !state.isEmpty() && !state.contains("Invalid")) {
            throw new IOException("squeue tells nothing of job " + id + ": " + state);
        }
        if (!isKnown()) {
            String where = node.isPresent() ? " that has the node " + node.get() : "";
            return Optional.of("Slurm knows no job " + id + where + "; `squeue --me` shows yours, and their nodes");
        }
        if (!isOf(caller)) {
            return Optional.of("job " + id + " is not yours; `squeue --me` shows yours");
        }
        if (isPending()) {
            return Optional.of("job " + id + " does not run yet; `squeue --start --jobs=" + id + "` tells when it may");
        }
        return isRunning()
                ? Optional.empty()
                : Optional.of("job " + id + " does not run any more (" + state + "); `squeue --me` shows yours");
    }

    Check check(int caller) {
        if (!isKnown()) {
            String why = state.isEmpty() ? "" : ": " + state;
            return Check.wrong("job", "Slurm has no job " + id + " any more" + why, "`squeue --me` shows your jobs");
        }
        if (!isRunning()) {
            return Check.wrong("job", "job " + id + " does not run: " + state, "wait until it does, or name a host");
        }
        return isOf(caller)
                ? Check.ok("job", id + " runs, its first node is " + first.orElse("unknown"))
                : Check.wrong("job", "job " + id + " belongs to uid " + uid, "name a job of yours, or a host");
    }

    /** Where its tunnels lead to; empty unless it runs and is the caller's. */
    Optional<String> node(int caller) {
        return check(caller).isWrong() ? Optional.empty() : first;
    }
}
