package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A batch job that a user has submitted; closing it cancels it. */
record Job(Account owner, String id) implements AutoCloseable {
    private static final Pattern SUBMITTED = Pattern.compile("Submitted batch job (\\d+)\n");

    /** Submits a job with a command line as its user would type it. */
    static Job submit(Account owner, String commandLine) {
        Outcome outcome = owner.type(commandLine);
        Matcher submitted = SUBMITTED.matcher(outcome.stdout());
        assertThat(submitted.find())
                .as("%s is accepted: %s", commandLine, outcome)
                .isTrue();
        return new Job(owner, submitted.group(1));
    }

    /** Slurm's word for where the job is, such as RUNNING. */
    String state() {
        return show("JobState");
    }

    /** Exit status and signal of the script, as Slurm writes them: {@code 0:0}. */
    String exitCode() {
        return show("ExitCode");
    }

    /** What the job has written so far, to the file that sbatch chooses. */
    String output() {
        return owner.run("cat", "slurm-" + id + ".out").stdout();
    }

    Job awaitOutput(String text) {
        Await.until("job " + id + " writes \"" + text + "\"", () -> output().contains(text) || hasEnded());
        assertThat(output()).contains(text);
        return this;
    }

    Job awaitEnd() {
        Await.until("job " + id + " has ended", this::hasEnded);
        return this;
    }

    void cancel() {
        owner.output("scancel", id);
    }

    @Override
    public void close() {
        cancel();
        awaitEnd();
    }

    private boolean hasEnded() {
        return !owner.run("squeue", "--noheader", "--jobs=" + id, "--states=PENDING,RUNNING,COMPLETING,SUSPENDED")
                .stdout()
                .contains(id);
    }

    private String show(String field) {
        String job = owner.output("scontrol", "--oneliner", "show", "job", id);
        Matcher value = Pattern.compile("\\b" + field + "=(\\S+)").matcher(job);
        assertThat(value.find()).as("%s of %s", field, job).isTrue();
        return value.group(1);
    }
}
