package stunnel.parser;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;
import stunnel.plan.Direction;
import stunnel.plan.Forward;
import stunnel.plan.Host;
import stunnel.plan.Listener;
import stunnel.plan.Policy;

/** The forwards of one value side by side: how many there are, and what is there twice. */
final class ForwardList {
    /** The most forwards of one value, with ranges expanded. */
    static final int MOST = Policy.MOST_FORWARDS;

    /** Slurm hands on variables with names of 255 characters at the most; ours are SLURM_STUNNEL_NAME_LISTEN and the like. */
    private static final int LONGEST_NAME = 255 - "SLURM_STUNNEL__LISTEN".length();

    private final Findings findings;
    private final PolicyExaminer policy;
    private final List<Forward> forwards = new ArrayList<>();
    private final ListenerTable listeners = new ListenerTable();
    /** Counts on where the list does not, so that a message can say how many were asked for. */
    private int asked;

    private Optional<Span> overflow = Optional.empty();

    ForwardList(Findings findings, Policy policy) {
        this.findings = findings;
        this.policy = new PolicyExaminer(findings, policy);
    }

    /** What was added, if it is not too much. */
    List<Forward> finished() {
        if (overflow.isPresent()) {
            findings.add(
                    DiagnosticId.TOO_MANY_FORWARDS, overflow.get(), Integer.toString(asked), Integer.toString(MOST));
        }
        return forwards;
    }

    void add(ForwardRange range) {
        asked += range.size();
        policy.count(range.syntax().span(), asked);
        if (asked > MOST) {
            overflow =
                    overflow.isPresent() ? overflow : Optional.of(range.syntax().span());
            return;
        }
        boolean reported = false;
        for (int i = 0; i < range.size(); i++) {
            if (range.sound()) {
                forwards.add(range.forward(i));
            }
            Optional<String> conflict = listen(range, i);
            if (conflict.isPresent() && !reported) {
                reported = true;
                reportDoubled(range, range.listener(i), conflict.get());
            }
        }
        checkBind(range);
        checkName(range);
        policy.examine(range);
    }

    /** Takes the listener at an index, or returns the text of the forward that has it. */
    private Optional<String> listen(ForwardRange range, int index) {
        Listener listener = range.listener(index);
        String text = range.syntax().span().of(findings.source().text());
        if (!(listener instanceof Listener.Auto auto)) {
            return listeners.add(range.direction(), listener, text);
        }
        return range.sound()
                ? listeners.add(range.direction(), auto, range.forward(index).destination(), text)
                : Optional.empty();
    }

    private void reportDoubled(ForwardRange range, Listener listener, String first) {
        Span span = range.syntax().listen().span();
        if (listener instanceof Listener.Auto) {
            findings.add(DiagnosticId.DUPLICATE_AUTO, range.syntax().span(), first);
        } else if (listener instanceof Listener.Tcp tcp) {
            findings.add(DiagnosticId.DUPLICATE_LISTENER, span, "port " + tcp.port(), first, "port");
        } else {
            findings.add(DiagnosticId.DUPLICATE_LISTENER, span, "this socket", first, "path");
        }
    }

    /** sshd puts a listener on the loopback address instead of refusing it. */
    private void checkBind(ForwardRange range) {
        if (range.direction() == Direction.REMOTE && !isLoopback(range.bind())) {
            Word bind = range.syntax().bind().orElseThrow();
            findings.add(DiagnosticId.GATEWAY_PORTS, bind.span(), bind.text());
        }
    }

    private void checkName(ForwardRange range) {
        Optional<Word> name = range.syntax().name();
        int length = name.isPresent() ? name.get().text().length() : 0;
        if (range.sound() && length > LONGEST_NAME) {
            findings.add(
                    DiagnosticId.LONG_NAME,
                    name.orElseThrow().span(),
                    Integer.toString(length),
                    Integer.toString(LONGEST_NAME));
        }
    }

    private static boolean isLoopback(Host bind) {
        if (bind.isIpv6()) {
            return IpAddress.canonicalIpv6(bind.name()).equals(IpAddress.canonicalIpv6("::1"));
        }
        return bind.name().startsWith("127.") && IpAddress.isIpv4(bind.name());
    }
}
