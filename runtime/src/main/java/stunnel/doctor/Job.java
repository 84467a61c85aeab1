package stunnel.doctor;

import java.util.List;
import java.util.Optional;
import stunnel.runtime.HostList;

/**
 * A job as squeue(1) has it.
 *
 * @param id its number
 * @param uid whose it is
 * @param state such as RUNNING; what squeue says, if there is no such job
 * @param first its first node, if it has one yet
 */
record Job(String id, String uid, String state, Optional<String> first) {
    private static final String RUNNING = "RUNNING";
    private static final int FIELDS = 3;

    static boolean isId(String text) {
        return text.matches("\\d+");
    }

    /** Of an array the first task that runs. */
    static Job ask(String id) {
        Optional<Program> squeue = Program.run(List.of("squeue", "--noheader", "--jobs=" + id, "--format=%U|%T|%N"));
        Job found =
                new Job(id, "", squeue.map(Program::firstLine).orElse("there is no squeue in PATH"), Optional.empty());
        for (Program.Line line : squeue.map(Program::lines).orElse(List.of())) {
            String[] fields = line.text().strip().split("\\|", -1);
            if (fields.length == FIELDS && !found.state.equals(RUNNING)) {
                found = new Job(id, fields[0], fields[1], HostList.first(fields[2]));
            }
        }
        return found;
    }

    Check check(int caller) {
        if (uid.isEmpty()) {
            return Check.wrong(
                    "job", "Slurm has no job " + id + " any more: " + state, "`squeue --me` shows your jobs");
        }
        if (!state.equals(RUNNING)) {
            return Check.wrong("job", "job " + id + " does not run: " + state, "wait until it does, or name a host");
        }
        return uid.equals(Integer.toUnsignedString(caller))
                ? Check.ok("job", id + " runs, its first node is " + first.orElse("unknown"))
                : Check.wrong("job", "job " + id + " belongs to uid " + uid, "name a job of yours, or a host");
    }

    /** Where its tunnels lead to; empty unless it runs and is the caller's. */
    Optional<String> node(int caller) {
        return check(caller).isWrong() ? Optional.empty() : first;
    }
}
