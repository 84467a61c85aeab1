package stunnel.runtime;

import java.util.List;

/** Requests as the keeper makes them, for the user that runs the test. */
final class Requests {
    private Requests() {}

    static Message check(String origin, String context, String spec, String... options) {
        return facts("check", origin, context, spec).withAll("option", List.of(options));
    }

    /** From a host that calls itself login to the node cn1. */
    static Message open(String spec, String... options) {
        return facts("open", "srun", "local", spec)
                .withAll("option", List.of(options))
                .with("job", "812")
                .with("step", "0")
                .with("nodes", PrivateSshd.HOST + ",cn[2-3]")
                .with("host", "login");
    }

    private static Message facts(String request, String origin, String context, String spec) {
        return Message.of("request", request)
                .with("origin", origin)
                .with("context", context)
                .with("spec", spec)
                .with("prefix", Installation.PREFIX.toString())
                .with("uid", Long.toString(uid()));
    }

    static long uid() {
        return new com.sun.security.auth.module.UnixSystem().getUid();
    }
}
