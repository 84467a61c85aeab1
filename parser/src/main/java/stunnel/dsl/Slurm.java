package stunnel.dsl;

import java.util.ArrayList;
import java.util.List;
import stunnel.plan.Origin;

/** The commands of Slurm that take a tunnel, for a static import. */
public final class Slurm {
    private Slurm() {}

    /** From the host of srun to the first node of its step. */
    public static Tunnel srun(Forwarding first, Forwarding... more) {
        return tunnel(Origin.SRUN, first, more);
    }

    /** From the first node of the job to the host that it is submitted on. */
    public static Tunnel sbatch(Forwarding first, Forwarding... more) {
        return tunnel(Origin.SBATCH, first, more);
    }

    /** From the node that starts the task to the host that it is submitted on. */
    public static Tunnel salloc(Forwarding first, Forwarding... more) {
        return tunnel(Origin.SALLOC, first, more);
    }

    private static Tunnel tunnel(Origin origin, Forwarding first, Forwarding... more) {
        List<Forwarding> forwardings = new ArrayList<>();
        forwardings.add(first);
        forwardings.addAll(List.of(more));
        return new Tunnel(origin, forwardings);
    }
}
