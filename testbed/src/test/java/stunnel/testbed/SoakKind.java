package stunnel.testbed;

import java.util.List;
import java.util.Random;

/** How a user asks for a tunnel, and where its ssh then runs. */
enum SoakKind {
    SRUN("srun -J {name} -w {node} --tunnel {spec} {task}"),
    SRUN_ON_A_TERMINAL("srun --pty -J {name} -w {node} --tunnel {spec} {task}"),
    SRUN_OF_MANY_TASKS("srun -J {name} -N2 -n8 --tunnel {spec} {task}"),
    SBATCH("sbatch --wait -J {name} -w {node} -o /dev/null --tunnel {spec} --wrap 'exec {task}'"),
    ARRAY("sbatch --wait --array=1-2 -J {name} -w {node} -o /dev/null --tunnel {spec} --wrap 'exec {task}'"),
    SBATCH_WITH_A_STEP("sbatch --wait -J {name} -N2 -o /dev/null --tunnel {spec} --wrap 'srun -N2 {task}'"),
    SBATCH_WITH_TWO_TUNNELS("sbatch --wait -J {name} -N2 -o /dev/null --tunnel {spec}"
            + " --wrap 'srun -N1 -w {node} --tunnel {other} {task}'"),
    SALLOC("salloc -J {name} -w {node} --tunnel {spec} srun {task}"),
    SALLOC_WITH_STEPS("salloc -J {name} -w {node} --tunnel {spec} bash -c"
            + " 'for step in 1 2 3; do srun --overlap {task} </dev/null & done; wait'"),
    SALLOC_ON_TWO_NODES("salloc -J {name} -N2 --tunnel {spec} bash -c"
            + " 'for node in cn1 cn2; do srun -N1 -w $node --overlap {task} </dev/null & done; wait'"),
    SRUN_IN_AN_ALLOCATION("salloc -J {name} -w {node} srun --tunnel {spec} {task}"),
    SRUN_IN_A_SCRIPT("sbatch --wait -J {name} -w {node} -o /dev/null --wrap 'srun --tunnel {spec} {task}'"),
    SRUN_ON_THE_OTHER_NODE("sbatch --wait -J {name} -N2 -o /dev/null --wrap 'srun -N1 -w cn2 --tunnel {spec} {task}'");

    private final String commandLine;

    SoakKind(String commandLine) {
        this.commandLine = commandLine;
    }

    /** What the user types. */
    String commandLine(String name, String node, String spec, String other, String task) {
        return commandLine
                .replace("{name}", name)
                .replace("{node}", node)
                .replace("{spec}", spec)
                .replace("{other}", other)
                .replace("{task}", task);
    }

    /** The program that the user waits for. */
    String client() {
        return commandLine.substring(0, commandLine.indexOf(' '));
    }

    boolean isOnTerminal() {
        return this == SRUN_ON_A_TERMINAL;
    }

    /** Whether an srun holds the tunnel, or all of them. */
    boolean isOfSrun() {
        return commandLine.contains("srun") && commandLine.indexOf("--tunnel") > commandLine.indexOf("srun");
    }

    boolean isOfBatchJob() {
        return client().equals("sbatch");
    }

    /** Whether the steps of an allocation hold the tunnel. */
    boolean isOfSalloc() {
        return client().equals("salloc") && !isOfSrun();
    }

    /** Whether it is a job without a tunnel in which an srun has one: they are killed together. */
    boolean isOfSrunInScript() {
        return isOfBatchJob() && isOfSrun();
    }

    boolean hasManySteps() {
        return this == SALLOC_WITH_STEPS || this == SALLOC_ON_TWO_NODES;
    }

    /** How many tunnels stand at least at the same time. */
    int tunnels() {
        return this == ARRAY || this == SBATCH_WITH_TWO_TUNNELS ? 2 : 1;
    }

    /** Whether ssh runs on a node, where Slurm ends what a job leaves. */
    boolean isOnNode() {
        return !isOfSrun() || isOfSrunInScript();
    }

    /** The hosts that ssh can run on. */
    List<String> hosts() {
        return isOnNode() ? List.of("cn1", "cn2") : List.of("login");
    }

    /**
     * A value for it whose first forward leads to {@code service} of a node. Ports and paths are the session's own; where two
     * tunnels of the same value stand on one host, or towards one, there are only ports that nobody chooses.
     */
    String spec(String name, int port, int service, Random random) {
        String[] anchors = {"auto:%2$d", "%1$d:%2$d"};
        String[] more = {
            "",
            ",Lauto:22,Rauto:22",
            ",R%3$d:%2$d,Lauto:22",
            ",L%3$d:login:22,Dauto",
            ",D%3$d",
            ",%3$d-%4$d:%3$d-%4$d",
            ",L/tmp/%5$s.near:%2$d",
            ",R/tmp/%5$s.far:%2$d",
            ",L/tmp/%5$s.near:/tmp/nobody,R/tmp/%5$s.far:/tmp/nobody"
        };
        String anchor = anchors[this == ARRAY ? 0 : random.nextInt(anchors.length)];
        String rest = more[random.nextInt(this == ARRAY ? 2 : more.length)];
        return name + "=" + (anchor + rest).formatted(port, service, port + 1, port + 3, name);
    }
}
