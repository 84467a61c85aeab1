package stunnel.runtime;

import stunnel.plan.TunnelPlan;

/** What the keeper writes into the system's log of a tunnel, with what became of it in front; if the site wants that. */
final class Audit {
    private static final String FIELD = "audit";

    private Audit() {}

    /** The same answer with the words for the log, of a tunnel that stands. */
    static Message opened(Message answer, Request.Open request) {
        return answer.with(FIELD, facts(request));
    }

    /** The same, of one that does not. */
    static Message failed(Message answer, Request.Open request, TunnelPlan plan) {
        return answer.with(FIELD, facts(request)).with("plan", plan.text());
    }

    private static String facts(Request.Open request) {
        return "user=" + System.getProperty("user.name", "?")
                + " uid=" + Integer.toUnsignedString(request.facts().uid())
                + " job=" + request.job()
                + " step=" + request.step()
                + " from=" + request.host()
                + " to=" + request.target();
    }
}
