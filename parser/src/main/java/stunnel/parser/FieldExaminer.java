package stunnel.parser;

import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.parser.syntax.Word;

/** Explains single fields of a misshapen forward, once it is settled what each should have been. */
final class FieldExaminer {
    private final Findings findings;
    private final FieldCompiler values;
    /** Name, dash and direction, for texts to type instead. */
    private final String head;

    FieldExaminer(Findings findings, FieldCompiler values, String head) {
        this.findings = findings;
        this.values = values;
        this.head = head;
    }

    /** An address. */
    void bind(Word field) {
        values.bind(field);
    }

    /** A port, a range, a path or auto. */
    void listen(Word field) {
        if (field.text().isEmpty()) {
            findings.add(
                    DiagnosticId.EMPTY_FIELD,
                    field.span(),
                    "the port to listen on",
                    "write a port, or auto for a free one");
        } else if (!isSocket(field)) {
            values.listenEnd(field);
        }
    }

    /** Checks the destination's host; {@code before} and {@code after} are what stands around its colons. */
    void host(Word field, String before, String after) {
        if (field.text().isEmpty()) {
            String better = head + before + ":localhost:" + after;
            findings.add(DiagnosticId.EMPTY_FIELD, field.span(), "the host to connect to", "write " + better);
        } else if (field.text().equals("*")) {
            findings.add(DiagnosticId.ANY_AS_DESTINATION, field.span());
        } else {
            values.host(field);
        }
    }

    /** Checks the last field; {@code before} is what stands in front of its colon. */
    void target(Word field, String before) {
        if (field.text().isEmpty()) {
            findings.add(DiagnosticId.MISSING_PORT, field.span(), "to connect to", head + before + ":8000");
        } else if (field.text().equals("auto")) {
            findings.add(DiagnosticId.AUTO_AS_DESTINATION, field.span());
        } else if (!isSocket(field)) {
            values.ports(field);
        }
    }

    private boolean isSocket(Word field) {
        if (field.text().startsWith("/")) {
            values.path(field);
            return true;
        }
        if (field.text().contains("/")) {
            findings.add(DiagnosticId.RELATIVE_PATH, field.span(), field.text(), "/" + field.text());
            return true;
        }
        return false;
    }

    /** Whether a text is an address to listen on rather than a mistyped port. */
    static boolean isBind(String text) {
        if (text.equals("*") || text.startsWith("[")) {
            return true;
        }
        if (text.equals("auto")) {
            return false;
        }
        if (text.isEmpty() || HostName.endsInDigitsAlone(text)) {
            return IpAddress.isIpv4(text);
        }
        return !Text.isDigit(text.charAt(0)) && HostName.flaw(text).isEmpty();
    }

    /** Of such a text, whether it names a host, most likely another one. */
    static boolean isName(String bind) {
        boolean literal = bind.startsWith("[") || HostName.endsInDigitsAlone(bind);
        return !literal && !bind.equals("*") && !bind.equals("localhost");
    }
}
