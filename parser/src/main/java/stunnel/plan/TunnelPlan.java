package stunnel.plan;

import java.util.List;

/**
 * Everything one {@code --tunnel} value asks for, with ranges expanded.
 *
 * @param origin the command that was given the option
 * @param forwards in the order they were typed; at least one
 */
public record TunnelPlan(Origin origin, List<Forward> forwards) {
    public TunnelPlan {
        forwards = List.copyOf(forwards);
        if (forwards.isEmpty()) {
            throw new IllegalArgumentException("a plan has a forward");
        }
    }

    /** The plan as a {@code --tunnel} value, each direction written out; compiling it gives this plan again. */
    public String text() {
        return PlanText.of(this);
    }
}
