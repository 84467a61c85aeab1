package stunnel.parser;

import java.util.Optional;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.parser.syntax.Word;
import stunnel.plan.Host;

/** Checks the values of single fields: what is wrong goes to the findings, and nothing comes back. */
final class FieldCompiler {
    private static final int FIRST_UNPRIVILEGED_PORT = 1024;
    private static final int LONGEST_PORT = 5;
    /** ssh binds {@code <path>.<16 characters>} first, and a unix socket's address holds 107 and a NUL. */
    private static final int LONGEST_PATH = 90;

    private final Findings findings;
    private final boolean privileged;

    FieldCompiler(Findings findings, boolean privileged) {
        this.findings = findings;
        this.privileged = privileged;
    }

    /** What is listened on. */
    Optional<End> listenEnd(Word word) {
        if (word.text().equals("auto")) {
            return Optional.of(End.AUTO);
        }
        if (word.text().startsWith("/")) {
            return pathEnd(word);
        }
        Optional<PortRange> ports = listenPorts(word);
        return ports.isPresent() ? Optional.of(End.of(ports.get())) : Optional.empty();
    }

    /** What is connected to. */
    Optional<End> targetEnd(Word word) {
        if (word.text().startsWith("/")) {
            return pathEnd(word);
        }
        Optional<PortRange> ports = ports(word);
        return ports.isPresent() ? Optional.of(End.of(ports.get())) : Optional.empty();
    }

    private Optional<End> pathEnd(Word word) {
        Optional<String> path = path(word);
        return path.isPresent() ? Optional.of(End.of(path.get())) : Optional.empty();
    }

    /** A port or a range to listen on. */
    Optional<PortRange> listenPorts(Word word) {
        Optional<PortRange> ports = ports(word, "write auto to listen on a free port");
        if (ports.isPresent() && ports.get().first() < FIRST_UNPRIVILEGED_PORT && !privileged) {
            PortRange unprivileged = ports.get().raised();
            String port = Integer.toString(ports.get().first());
            findings.add(DiagnosticId.PRIVILEGED_PORT, word.span(), port, unprivileged.text());
            return Optional.empty();
        }
        return ports;
    }

    /** A port or a range to connect to. */
    Optional<PortRange> ports(Word word) {
        return ports(word, "the first port is 1");
    }

    private Optional<PortRange> ports(Word word, String hintForZero) {
        int dash = word.text().indexOf('-');
        if (dash < 0 || !Text.isPorts(word.text())) {
            return port(word, hintForZero);
        }
        Optional<PortRange> first = port(word.part(0, dash), hintForZero);
        Optional<PortRange> last = port(word.part(dash + 1, word.text().length()), hintForZero);
        if (first.isEmpty() || last.isEmpty()) {
            return Optional.empty();
        }
        int low = Math.min(first.get().first(), last.get().first());
        int high = Math.max(first.get().first(), last.get().first());
        if (low == high || low != first.get().first()) {
            String range = new PortRange(low, high).text();
            String hint = low == high ? range + " alone is one port" : range;
            findings.add(DiagnosticId.NOT_A_RANGE, word.span(), word.text(), hint);
            return Optional.empty();
        }
        return Optional.of(new PortRange(low, high));
    }

    private Optional<PortRange> port(Word word, String hintForZero) {
        String text = word.text();
        String digits = Text.withoutLeadingZeros(text);
        if (!Text.isDigits(text)) {
            findings.add(DiagnosticId.NOT_A_PORT, word.span(), text);
        } else if (digits.isEmpty()) {
            findings.add(DiagnosticId.PORT_ZERO, word.span(), text, hintForZero);
        } else if (digits.length() > LONGEST_PORT || Integer.parseInt(digits) > PortRange.HIGHEST_PORT) {
            findings.add(DiagnosticId.PORT_OUT_OF_RANGE, word.span(), digits);
        } else if (digits.length() < text.length()) {
            findings.add(DiagnosticId.LEADING_ZERO, word.span(), text, digits);
        } else {
            int port = Integer.parseInt(digits);
            return Optional.of(new PortRange(port, port));
        }
        return Optional.empty();
    }

    /** An address to listen on. */
    Optional<Host> bind(Word word) {
        if (word.text().equals("*")) {
            return Optional.of(Host.ANY);
        }
        Optional<Host> host = host(word);
        // Left to the resolver it may be ::1 alone, or both.
        return host.isPresent() && HostName.isLocalhost(word.text()) ? Optional.of(Host.LOOPBACK) : host;
    }

    /** A host to connect to. */
    Optional<Host> host(Word word) {
        String text = word.text();
        if (text.startsWith("[")) {
            String address = text.substring(1, text.endsWith("]") ? text.length() - 1 : text.length());
            if (IpAddress.canonicalIpv6(address).isPresent()) {
                return Optional.of(new Host(address));
            }
            findings.add(DiagnosticId.NOT_AN_IPV6_ADDRESS, word.span(), text);
            return Optional.empty();
        }
        if (HostName.endsInDigitsAlone(text)) {
            if (IpAddress.isIpv4(text)) {
                return Optional.of(new Host(text));
            }
            findings.add(DiagnosticId.NOT_AN_IPV4_ADDRESS, word.span(), text);
            return Optional.empty();
        }
        Optional<String> flaw = HostName.flaw(text);
        if (flaw.isPresent()) {
            findings.add(DiagnosticId.NOT_A_HOST, word.span(), text, flaw.get());
            return Optional.empty();
        }
        return Optional.of(new Host(text));
    }

    /** The path of a unix socket. */
    Optional<String> path(Word word) {
        String path = word.text();
        for (int i = 0; i < path.length(); i++) {
            if (!Text.isLetterOrDigit(path.charAt(i)) && "._/+@-".indexOf(path.charAt(i)) < 0) {
                findings.add(
                        DiagnosticId.PATH_CHARACTER, word.part(i, i + 1).span(), '"' + path.substring(i, i + 1) + '"');
                return Optional.empty();
            }
        }
        if (path.length() > LONGEST_PATH) {
            findings.add(
                    DiagnosticId.PATH_TOO_LONG,
                    word.span(),
                    Integer.toString(path.length()),
                    Integer.toString(LONGEST_PATH));
            return Optional.empty();
        }
        return Optional.of(path);
    }
}
