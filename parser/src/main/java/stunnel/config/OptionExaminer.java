package stunnel.config;

import java.util.List;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Span;
import stunnel.diagnostic.Suggestion;
import stunnel.parser.syntax.OptionToken;
import stunnel.parser.syntax.OptionToken.Kind;
import stunnel.parser.syntax.Syntax;
import stunnel.parser.syntax.Word;

/** Explains what is wrong with an option that the grammar refuses: at least one finding, and each mistake once. */
final class OptionExaminer {
    private final Findings findings;
    private final List<String> keys;

    OptionExaminer(Findings findings, List<String> keys) {
        this.findings = findings;
        this.keys = keys;
    }

    void explain(Span span) {
        int before = findings.count();
        Word option = Word.at(span, findings.source().text());
        int equals = option.text().indexOf('=');
        Word key = equals < 0 ? option : option.part(0, equals);
        if (!keys.contains(key.text())) {
            String hint = Suggestion.hint(key.text(), keys);
            String name = key.text().isEmpty() ? "without a name" : key.text();
            findings.add(DiagnosticId.UNKNOWN_OPTION, key.span(), name, hint);
            return;
        }
        if (equals < 0) {
            findings.add(DiagnosticId.OPTION_WITHOUT_VALUE, key.span(), key.text());
            return;
        }
        List<OptionToken> tokens = Syntax.optionTokens(findings.source().text(), span);
        for (OptionToken token : tokens) {
            explainToken(token, option);
        }
        if (findings.count() == before) {
            explainRedirections(tokens.subList(2, tokens.size()));
        }
    }

    private void explainToken(OptionToken token, Word option) {
        String text = token.word().text();
        Span span = token.word().span();
        String escaped = "\\" + text.charAt(0);
        switch (token.kind()) {
            case BLANKS ->
                findings.add(
                        DiagnosticId.BLANK_IN_OPTION,
                        span,
                        option.text().strip().replaceAll("\\s+", "|"));
            case SHELL -> {
                boolean expanded = text.startsWith("\"");
                findings.add(DiagnosticId.SHELL_CONSTRUCT, span, text, expanded ? "\\$ or \\` in the quotes" : escaped);
            }
            case UNSUPPORTED -> findings.add(DiagnosticId.UNSUPPORTED_REDIRECTION, span, text);
            case UNTERMINATED ->
                findings.add(DiagnosticId.UNTERMINATED_QUOTE, new Span(span.start(), span.start() + 1), escaped);
            case UNEXPECTED -> {
                boolean backslash = text.equals("\\");
                String what = backslash ? "a backslash with nothing behind it" : "a control character";
                String hint = backslash ? "write \\\\ for a plain backslash" : "take it away";
                findings.add(DiagnosticId.CONTROL_CHARACTER, span, what, hint);
            }
            default -> {}
        }
    }

    /** All tokens are sound, so a redirection stands where none can, or lacks what belongs behind it. */
    private void explainRedirections(List<OptionToken> tokens) {
        for (int i = 0; i < tokens.size(); i++) {
            Kind kind = tokens.get(i).kind();
            Word word = tokens.get(i).word();
            if (kind != Kind.TO_FILE && kind != Kind.DUPLICATE) {
                continue;
            }
            boolean both = word.text().startsWith("&");
            int start = i > 0 && !both && tokens.get(i - 1).kind() == Kind.DIGITS ? i - 1 : i;
            if (start > 0 && tokens.get(start - 1).kind() != Kind.BAR) {
                String escaped = "\\" + word.text().charAt(0);
                findings.add(DiagnosticId.REDIRECTION_NOT_SEPARATED, word.span(), escaped);
            } else if (kind == Kind.DUPLICATE && !isDescriptor(tokens, i + 1)) {
                findings.add(DiagnosticId.BAD_DUPLICATE, word.span(), word.text(), word.text() + "1");
            } else if (kind == Kind.TO_FILE && !isText(tokens, i + 1)) {
                findings.add(DiagnosticId.REDIRECTION_WITHOUT_TARGET, word.span(), word.text());
            }
        }
    }

    private static boolean isDescriptor(List<OptionToken> tokens, int at) {
        return at < tokens.size()
                && tokens.get(at).kind() == Kind.DIGITS
                && (at + 1 == tokens.size() || tokens.get(at + 1).kind() == Kind.BAR);
    }

    private static boolean isText(List<OptionToken> tokens, int from) {
        int at = from;
        while (at < tokens.size() && tokens.get(at).kind() == Kind.BAR) {
            at++;
        }
        return at < tokens.size()
                && tokens.get(at).kind() != Kind.TO_FILE
                && tokens.get(at).kind() != Kind.DUPLICATE;
    }
}
