package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What slurmstepd starts as the job's user, outside of the job, is nobody's way out of it. */
@TestbedTest
class OutsideTheJobIT {
    /**
     * Goes for each keeper below a slurmstepd from its fork on, by all ways to take a process over. The state of a tunnel that it made
     * up has slurmstepd's keeper stay for a while, as the keeper of a tunnel does that ends slowly.
     */
    private static final String ATTACK = """
            import ctypes, fcntl, os, signal, sys, time
            libc = ctypes.CDLL(None, use_errno=True)
            SEIZE, CONT, PIDFD_OPEN, PIDFD_GETFD, WALL = 0x4206, 7, 434, 438, 0x40000000
            folder = "/tmp/stunnel-%d-abcdefghij" % os.getuid()
            os.mkdir(folder, 0o700)
            with open(folder + "/state", "w") as state:
                state.write("job=%s\\0step=0\\0\\0" % os.environ["SLURM_JOB_ID"])
            hold = os.open(folder, os.O_RDONLY)
            fcntl.flock(hold, fcntl.LOCK_EX)

            def read(pid, name):
                try:
                    with open("/proc/%d/%s" % (pid, name)) as file:
                        return file.read().strip()
                except OSError:
                    return ""

            def opens(pid, name, flags):
                try:
                    os.close(os.open("/proc/%d/%s" % (pid, name), flags))
                    return True
                except OSError:
                    return False

            def take(pid):
                fd = libc.syscall(PIDFD_OPEN, pid, 0)
                return {
                    "ptrace": libc.ptrace(SEIZE, pid, 0, 0) == 0,
                    "memory": opens(pid, "mem", os.O_RDWR),
                    "descriptors": opens(pid, "fd", os.O_RDONLY),
                    "descriptor": libc.syscall(PIDFD_GETFD, fd, 0, 0) >= 0,
                    "environment": opens(pid, "environ", os.O_RDONLY),
                }

            def children():
                for pid in (int(name) for name in os.listdir("/proc") if name.isdigit()):
                    fields = read(pid, "stat").rpartition(") ")[2].split()
                    name = read(pid, "comm")
                    if name in ("slurmstepd", "stunnel-keeper") and read(int(fields[1]), "comm") == "slurmstepd":
                        yield pid, name

            # A task of the step has that name, too, before its exec, and is the user's to trace: slurmstepd
            # sees its end only when its tracer has.
            def let_tasks_end():
                try:
                    while True:
                        pid, status = os.waitpid(-1, os.WNOHANG | WALL)
                        if pid == 0:
                            return
                        if os.WIFSTOPPED(status):
                            libc.ptrace(CONT, pid, 0, os.WSTOPSIG(status))
                except ChildProcessError:
                    pass

            print("lurking", flush=True)
            taken, met = {}, set()
            end = time.monotonic() + 60
            while time.monotonic() < end and not (met and time.monotonic() > seen + 1):
                for pid, name in children():
                    if name == "stunnel-keeper" and pid not in met:
                        met.add(pid)
                        seen = time.monotonic()
                    for way, worked in take(pid).items():
                        if worked:
                            taken.setdefault(pid, set()).add(way)
                let_tasks_end()
            for pid in met:
                print("met", *sorted(taken.get(pid, [])), flush=True)
            os.remove(folder + "/state")
            os.rmdir(folder)
            """;

    private static final String SUBMISSION = """
            sbatch -w cn1 <<'END'
            #!/bin/bash
            python3 attack.py &
            until [ -e /tmp/stunnel-$UID-abcdefghij/state ]; do sleep 0.1; done
            srun -n1 --overlap --tunnel 8101:8100 true
            wait
            END
            """;

    /** Where the kernel has yama, the weakest setting is Debian's and RHEL's. */
    private static final String LET_TRACE = """
            scope=/proc/sys/kernel/yama/ptrace_scope
            if [ -e $scope ]; then cat $scope; echo "${1:-0}" >$scope; fi
            """;

    private final Testbed testbed = Testbed.shared();
    private final Account root = testbed.host("cn1");
    private final Account alice = testbed.alice();

    @Test
    @DisplayName("row 32: a keeper of slurmstepd's cannot be taken over, from its first moment on")
    void nobodyTakesTheKeeperOver() {
        String scope = root.bash("set --\n" + LET_TRACE).stdout().strip();
        alice.write("attack.py", ATTACK);
        try (Job job = Job.submit(alice, SUBMISSION)) {
            job.awaitEnd();
            assertThat(job.output()).contains("lurking\n", "met\n").doesNotContain("met ", "Traceback");
        } finally {
            alice.output("rm", "attack.py");
            root.bash("set -- " + scope + "\n" + LET_TRACE);
        }
    }
}
