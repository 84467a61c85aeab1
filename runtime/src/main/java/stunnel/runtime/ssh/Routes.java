package stunnel.runtime.ssh;

import java.util.List;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;
import stunnel.plan.TunnelPlan;

/**
 * All forwards of a plan between two hosts.
 *
 * @param plan what is forwarded
 * @param opener the host that runs ssh
 * @param target the host that ssh connects to
 */
public record Routes(TunnelPlan plan, String opener, String target) {
    /** A line on a terminal has room for about this many. */
    private static final int SHOWN = 3;

    /** One of them. */
    public Route of(Forward forward) {
        return new Route(forward, opener, target);
    }

    /** One line, such as {@code login:8001 -> cn1:8000, login:8889 -> cn1:8888}; a long list ends in {@code … and 997 more}. */
    public String text() {
        List<Forward> forwards = plan.forwards();
        int shown = Math.min(SHOWN, forwards.size());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < shown; i++) {
            text.append(i == 0 ? "" : ", ").append(of(forwards.get(i)).text());
        }
        if (shown < forwards.size()) {
            text.append(", … and ").append(forwards.size() - shown).append(" more");
        }
        return text.toString();
    }

    /** One of them as the {@code --tunnel} value that asks for it alone. */
    public String spec(Forward forward) {
        return new TunnelPlan(plan.origin(), List.of(forward)).text();
    }

    /** One of them with another listener, as its user would type it: without the direction that it has anyway. */
    public String typedWith(Forward forward, Listener listener) {
        Forward other = new Forward(forward.name(), forward.direction(), listener, forward.destination());
        String spec = spec(other);
        int letter = forward.name().isPresent() ? forward.name().get().length() + 1 : 0;
        boolean implied = forward.direction() == plan.origin().defaultDirection();
        // A bind may begin with one of the letters.
        return implied && "LRD".indexOf(spec.charAt(letter + 1)) < 0
                ? spec.substring(0, letter) + spec.substring(letter + 1)
                : spec;
    }

    /** One of them, which listens on a port, with {@code auto} in its place. */
    public String typedWithAuto(Forward forward) {
        Host bind = ((Listener.Tcp) forward.listener()).bind();
        return typedWith(forward, new Listener.Auto(bind));
    }
}
