package stunnel.parser;

import java.util.Locale;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;

/** Explains what is wrong with a forward that the grammar refuses: at least one finding, and each mistake once. */
final class ForwardExaminer {
    private static final String DIRECTIONS = "LRD";

    private final Findings findings;
    private final FieldCompiler fields;
    private final Names names;
    private final ForeignCharacters foreign;

    ForwardExaminer(Findings findings, FieldCompiler fields, Names names) {
        this.findings = findings;
        this.names = names;
        this.fields = fields;
        this.foreign = new ForeignCharacters(findings);
    }

    void explain(Word forward) {
        if (forward.text().isEmpty()) {
            findings.add(DiagnosticId.EMPTY_FORWARD, forward.span());
            return;
        }
        int before = findings.count();
        int equals = forward.text().indexOf('=');
        int stray = strayEquals(forward.text(), equals);
        Word rest = forward.part(equals + 1, forward.text().length());
        if (foreign.report(forward)) {
            // What its shape should be is a guess now; numbers are numbers anyway.
            checkNumbers(rest);
            return;
        }
        if (stray >= 0) {
            findings.add(
                    DiagnosticId.STRAY_EQUALS, forward.part(stray, stray + 1).span());
            return;
        }
        if (equals == 0) {
            findings.add(DiagnosticId.EMPTY_FIELD, forward.part(0, 0).span(), "the name", "write " + rest.text());
        } else if (equals > 0) {
            names.check(forward.part(0, equals), forward.span());
        }
        explainEnds(forward, rest);
        if (findings.count() == before) {
            findings.add(DiagnosticId.NOT_A_FORWARD, forward.span(), forward.text());
        }
    }

    /** Where an equals sign is that does not stand behind a name; -1 if there is none. */
    private static int strayEquals(String text, int equals) {
        int colon = text.indexOf(':');
        return colon >= 0 && colon < equals ? equals : text.indexOf('=', equals + 1);
    }

    private void checkNumbers(Word rest) {
        for (Word field : rest.split(':')) {
            if (Text.isDigits(field.text())) {
                fields.ports(field);
            }
        }
    }

    /** Takes dashes and letters off the front, and leaves the fields to their examiner. */
    private void explainEnds(Word forward, Word rest) {
        String text = rest.text();
        String name = forward.text().substring(0, forward.text().length() - text.length());
        String dash = text.startsWith("-") ? "-" : "";
        int at = dash.length();
        String letter = directionAt(text, at);
        at += letter.length();
        int dashes = countAt(text, at, '-');
        if (dashes > 0) {
            String better = name + "-" + letter + text.substring(at + dashes);
            findings.add(DiagnosticId.MISPLACED_DASH, rest.part(at, at + dashes).span(), better);
            at += dashes;
            if (letter.isEmpty()) {
                letter = directionAt(text, at);
                at += letter.length();
            }
        }
        String second = directionAt(text, at);
        if (!letter.isEmpty() && !second.isEmpty() && beginsListener(text, at + 1)) {
            Span span = rest.part(at, at + 1).span();
            at++;
            findings.add(DiagnosticId.SECOND_DIRECTION, span, second, name + dash + letter + text.substring(at));
        } else if (letter.isEmpty() && isLowerCaseDirection(text, at)) {
            letter = text.substring(at, at + 1).toUpperCase(Locale.ROOT);
            Word wrong = rest.part(at, text.length()).split(':').get(0);
            at++;
            String better = name + dash + letter + text.substring(at);
            findings.add(DiagnosticId.LOWER_CASE_DIRECTION, wrong.span(), wrong.text(), better);
        }
        FieldsExaminer examiner = new FieldsExaminer(findings, fields, name + dash + letter, letter.equals("D"));
        examiner.explain(rest.part(at, text.length()));
    }

    private static boolean isLowerCaseDirection(String text, int at) {
        return at < text.length() && "lrd".indexOf(text.charAt(at)) >= 0 && beginsListener(text, at + 1);
    }

    private static String directionAt(String text, int at) {
        return at < text.length() && DIRECTIONS.indexOf(text.charAt(at)) >= 0 ? text.substring(at, at + 1) : "";
    }

    /** Whether what comes here cannot be the rest of a host's name, but is a port, a path or auto. */
    private static boolean beginsListener(String text, int at) {
        if (text.startsWith("auto", at) || text.startsWith("/", at)) {
            return true;
        }
        int colon = text.indexOf(':', at);
        return Text.isDigits(text.substring(at, colon < 0 ? text.length() : colon));
    }

    private static int countAt(String text, int at, char c) {
        int end = at;
        while (end < text.length() && text.charAt(end) == c) {
            end++;
        }
        return end - at;
    }
}
