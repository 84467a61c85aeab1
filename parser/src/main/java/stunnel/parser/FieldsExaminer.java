package stunnel.parser;

import java.util.List;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;

/** Explains the fields between the colons of a misshapen forward, by what the most likely form asks of each. */
final class FieldsExaminer {
    private static final int MOST_FIELDS = 4;

    /** A port with fewer is root's alone. */
    private static final int UNPRIVILEGED_DIGITS = 4;

    private final Findings findings;
    private final FieldExaminer field;
    /** Name, dash and direction, for texts to type instead. */
    private final String head;

    private final boolean dynamic;

    FieldsExaminer(Findings findings, FieldCompiler values, String head, boolean dynamic) {
        this.findings = findings;
        this.field = new FieldExaminer(findings, values, head);
        this.head = head;
        this.dynamic = dynamic;
    }

    void explain(Word ends) {
        int bracket = Fields.unclosedBracket(ends.text());
        if (bracket >= 0) {
            Span span = ends.part(bracket, bracket + 1).span();
            findings.add(DiagnosticId.UNCLOSED_BRACKET, span);
            return;
        }
        List<Word> fields = Fields.split(ends);
        dropTrailingColon(ends, fields);
        if (Fields.holdIpv6(ends.text(), fields)) {
            findings.add(DiagnosticId.UNBRACKETED_IPV6, ends.span());
        } else if (dynamic) {
            dynamic(fields, ends.span());
        } else {
            switch (fields.size()) {
                case 1 -> one(fields.get(0));
                case 2 -> two(fields.get(0), fields.get(1));
                case 3 -> three(fields.get(0), fields.get(1), fields.get(2));
                case MOST_FIELDS -> four(fields, ends);
                default -> tooMany(fields, ends);
            }
        }
    }

    /** 8001:8000: is one mistake, whatever a fourth field would have been. */
    private void dropTrailingColon(Word ends, List<Word> fields) {
        int last = fields.size() - 1;
        if (last > 1
                && fields.get(last).text().isEmpty()
                && Text.isPorts(fields.get(last - 1).text())) {
            String better = head + ends.text().substring(0, ends.text().length() - 1);
            findings.add(DiagnosticId.EMPTY_FIELD, fields.get(last).span(), "a field", "write " + better);
            fields.remove(last);
        }
    }

    private void one(Word only) {
        String text = only.text();
        if (text.isEmpty()) {
            findings.add(DiagnosticId.MISSING_PORT, only.span(), "to listen on", head + "8001:8000");
        } else if (text.equals("auto")) {
            findings.add(DiagnosticId.AUTO_NEEDS_DESTINATION, only.span(), head + "auto:8000");
        } else if (text.startsWith("/")) {
            findings.add(DiagnosticId.SOCKET_NEEDS_DESTINATION, only.span(), head + text + ":8000");
        } else if (Text.isPorts(text)) {
            // A port alone has the shape of a forward.
            findings.add(DiagnosticId.RANGE_ALONE, only.span(), head + text + ":" + text);
            field.listen(only);
        } else if (!FieldExaminer.isBind(text)) {
            field.listen(only);
        }
    }

    private void two(Word first, Word second) {
        String bind = first.text();
        String listen = second.text();
        if (!FieldExaminer.isBind(bind)) {
            field.listen(first);
            if (!listen.isEmpty() && !listen.equals("auto") && !listen.contains("/") && FieldExaminer.isBind(listen)) {
                Span end = new Span(second.span().end(), second.span().end());
                String better = head + bind + ":" + listen + ":8000";
                findings.add(DiagnosticId.MISSING_PORT, end, "to connect to", better);
                field.host(second, bind, "8000");
            } else {
                field.target(second, bind);
            }
        } else if (listen.startsWith("/")) {
            findings.add(DiagnosticId.BIND_WITH_SOCKET, first.span(), head + "8001:" + listen);
        } else if (Text.isPorts(listen) && FieldExaminer.isName(bind)) {
            // Of db:5432 more people mean where it leads than where it listens.
            Span start = new Span(first.span().start(), first.span().start());
            String port = listen.length() < UNPRIVILEGED_DIGITS ? "auto" : listen;
            String better = head + port + ":" + bind + ":" + listen;
            findings.add(DiagnosticId.MISSING_PORT, start, "to listen on", better);
            field.target(second, bind);
        } else if (Text.isPorts(listen)) {
            String better = head + bind + ":" + listen + ":localhost:" + listen;
            findings.add(DiagnosticId.BIND_WITHOUT_HOST, first.span().to(second.span()), better);
            field.listen(second);
        }
    }

    private void three(Word first, Word second, Word third) {
        boolean bound = FieldExaminer.isBind(first.text())
                && (Text.isPorts(second.text()) || second.text().equals("auto"));
        if (!bound) {
            field.listen(first);
            if (second.text().isEmpty() && third.text().isEmpty()) {
                field.target(third, first.text());
            } else {
                field.host(second, first.text(), third.text());
                field.target(third, first.text() + ":" + second.text());
            }
            return;
        }
        if (third.text().startsWith("/")) {
            String better = head + second.text() + ":" + third.text();
            findings.add(DiagnosticId.BIND_WITH_SOCKET, first.span(), better);
        } else {
            String better = head + first.text() + ":" + second.text() + ":localhost:" + third.text();
            findings.add(DiagnosticId.BIND_WITHOUT_HOST, first.span().to(third.span()), better);
            field.target(third, better);
        }
        field.bind(first);
        field.listen(second);
    }

    private void four(List<Word> fields, Word ends) {
        Word bind = fields.get(0);
        Word listen = fields.get(1);
        Word host = fields.get(2);
        Word target = fields.get(3);
        String unbound = ends.text().substring(bind.text().length() + 1);
        if (bind.text().startsWith("/") || listen.text().startsWith("/")) {
            Word socket = bind.text().startsWith("/") ? bind : listen;
            String better = head + socket.text() + ":" + host.text() + ":" + target.text();
            findings.add(DiagnosticId.BIND_WITH_SOCKET, bind.span().to(listen.span()), better);
            return;
        }
        if (Text.isPorts(bind.text()) || bind.text().equals("auto")) {
            // It begins as LISTEN:HOST:PORT.
            three(bind, listen, host);
            tooMany(new Span(host.span().end(), ends.span().end()), ":" + target.text());
            return;
        }
        if (bind.text().isEmpty()) {
            String hint = "write " + head + unbound + ", or " + head + "*:" + unbound + " to listen on every address";
            findings.add(DiagnosticId.EMPTY_FIELD, bind.span(), "the address to listen on", hint);
        } else {
            field.bind(bind);
        }
        field.listen(listen);
        field.host(host, bind.text() + ":" + listen.text(), target.text());
        field.target(
                target,
                ends.text().substring(0, ends.text().length() - target.text().length() - 1));
    }

    private void tooMany(List<Word> fields, Word ends) {
        Span extra =
                new Span(fields.get(MOST_FIELDS - 1).span().end(), ends.span().end());
        tooMany(extra, ends.text().substring(extra.start() - ends.span().start()));
    }

    private void tooMany(Span extra, String text) {
        findings.add(DiagnosticId.TOO_MANY_FIELDS, extra, text);
    }

    private void dynamic(List<Word> fields, Span ends) {
        Word first = fields.get(0);
        if (first.text().contains("/")) {
            findings.add(DiagnosticId.DYNAMIC_SOCKET, first.span());
            return;
        }
        boolean bound = FieldExaminer.isBind(first.text()) && fields.size() > 1;
        Word listen = fields.get(bound ? 1 : 0);
        if (listen.text().isEmpty()) {
            findings.add(DiagnosticId.MISSING_PORT, listen.span(), "to listen on", head + "1080");
        } else {
            field.listen(listen);
        }
        if (bound) {
            field.bind(first);
        }
        if (fields.size() > (bound ? 2 : 1)) {
            Span destination = new Span(listen.span().end(), ends.end());
            String better = head + (bound ? first.text() + ":" : "") + listen.text();
            findings.add(DiagnosticId.DYNAMIC_WITH_DESTINATION, destination, better);
        }
    }
}
