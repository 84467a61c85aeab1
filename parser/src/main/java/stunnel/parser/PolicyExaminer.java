package stunnel.parser;

import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.ForwardSyntax;
import stunnel.plan.BindRule;
import stunnel.plan.Destination;
import stunnel.plan.DestinationRule;
import stunnel.plan.Direction;
import stunnel.plan.Listener;
import stunnel.plan.Policy;

/** Finds what a site does not leave to its users. */
final class PolicyExaminer {
    private final Findings findings;
    private final Policy policy;
    private boolean tooMany;

    PolicyExaminer(Findings findings, Policy policy) {
        this.findings = findings;
        this.policy = policy;
    }

    /** Takes the number of forwards up to one that is there; reports once that they are too many. */
    void count(Span span, int forwards) {
        if (forwards > policy.mostForwards() && forwards <= ForwardList.MOST && !tooMany) {
            tooMany = true;
            if (isClosed()) {
                findings.add(DiagnosticId.POLICY_NO_TUNNELS, span);
            } else {
                findings.add(DiagnosticId.POLICY_FORWARDS, span, Integer.toString(policy.mostForwards()));
            }
        }
    }

    private boolean isClosed() {
        return policy.mostForwards() == 0;
    }

    /** Reports each reason once, at the first forward of a range that it is true of. */
    void examine(ForwardRange range) {
        if (isClosed()) {
            return;
        }
        ForwardSyntax syntax = range.syntax();
        if (!policy.directions().contains(range.direction())) {
            Span span =
                    syntax.direction().isPresent() ? syntax.direction().get().span() : syntax.span();
            findings.add(
                    DiagnosticId.POLICY_DIRECTION, span, "" + range.direction().letter(), directions());
        }
        if (range.sound()) {
            examineListener(range);
            examineDestination(range);
        }
    }

    private void examineListener(ForwardRange range) {
        Listener listener = range.listener(0);
        if (policy.listenPorts().isEmpty() && !(listener instanceof Listener.UnixSocket)) {
            findings.add(
                    DiagnosticId.POLICY_SOCKETS_ONLY, range.syntax().listen().span());
            return;
        }
        for (int i = 0; i < range.size(); i++) {
            if (range.listener(i) instanceof Listener.Tcp tcp
                    && !policy.listenPorts().contains(tcp.port())) {
                Span span = range.syntax().listen().span();
                String port = Integer.toString(tcp.port());
                findings.add(
                        DiagnosticId.POLICY_LISTEN_PORT,
                        span,
                        port,
                        policy.listenPorts().text());
                break;
            }
        }
        if (!(listener instanceof Listener.UnixSocket) && !policy.allowsBind(range.bind())) {
            ForwardSyntax syntax = range.syntax();
            Span span = syntax.bind().isPresent()
                    ? syntax.bind().get().span()
                    : syntax.listen().span();
            findings.add(DiagnosticId.POLICY_BIND, span, range.bind().text(), binds());
        }
    }

    private void examineDestination(ForwardRange range) {
        for (int i = 0; i < range.size(); i++) {
            Destination destination = range.forward(i).destination();
            if (!policy.allows(destination)) {
                findings.add(
                        DiagnosticId.POLICY_DESTINATION, range.syntax().span(), described(destination), destinations());
                return;
            }
        }
    }

    private static String described(Destination destination) {
        if (destination instanceof Destination.Tcp tcp) {
            return tcp.host().text() + ":" + tcp.port();
        }
        return destination instanceof Destination.UnixSocket socket
                ? socket.path()
                : "whatever a SOCKS client asks for";
    }

    private String directions() {
        StringBuilder text = new StringBuilder();
        for (Direction direction : Direction.values()) {
            if (policy.directions().contains(direction)) {
                text.append(text.length() == 0 ? "" : ", ").append(direction.letter());
            }
        }
        return text.toString();
    }

    private String binds() {
        StringBuilder text = new StringBuilder();
        for (BindRule rule : policy.binds()) {
            text.append(text.length() == 0 ? "" : ", ").append(rule.text());
        }
        return text.toString();
    }

    private String destinations() {
        StringBuilder text = new StringBuilder();
        for (DestinationRule rule : policy.destinations()) {
            text.append(text.length() == 0 ? "" : ", ").append(rule.text());
        }
        return text.toString();
    }
}
