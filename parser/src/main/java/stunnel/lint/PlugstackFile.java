package stunnel.lint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Source;
import stunnel.diagnostic.Span;
import stunnel.diagnostic.Suggestion;
import stunnel.parser.syntax.PlugstackLine;
import stunnel.parser.syntax.Syntax;
import stunnel.parser.syntax.Word;

/** One file of the stack, line by line. */
final class PlugstackFile {
    private static final List<String> KEYWORDS = List.of("required", "optional", "include");

    private final Source source;
    private final Path folder;
    private final Plugstack stack;
    private final PluginLine plugins;
    private boolean windows;
    private boolean hocon;
    /** Whether this line was meant as a part of the one before, and is explained there. */
    private boolean continued;

    PlugstackFile(Source source, Path folder, Plugstack stack, PluginLine plugins) {
        this.source = source;
        this.folder = folder;
        this.stack = stack;
        this.plugins = plugins;
    }

    void lint() {
        PlugstackLines lines = new PlugstackLines(source.text());
        while (lines.hasNext()) {
            Span line = lines.next();
            Span whole = source.lineAt(line.start());
            Findings findings = new Findings(source);
            continued |= line.start() > whole.start();
            if (line.length() < whole.length() && line.start() == whole.start()) {
                reportLength(line, whole, findings);
            }
            if (line.length() > 0 || continued) {
                PlugstackLine syntax = Syntax.plugstackLine(source.text(), line);
                stack.add(lint(syntax, findings));
            }
        }
    }

    private void reportLength(Span line, Span whole, Findings findings) {
        String bytes = Integer.toString(PlugstackLines.bytes(whole.of(source.text())));
        String most = Integer.toString(PlugstackLines.MOST_BYTES);
        findings.add(DiagnosticId.LINE_TOO_LONG, new Span(line.end(), line.end() + 1), bytes, most);
    }

    /** What is left to report; an include line reports itself, in front of what it includes. */
    private List<Diagnostic> lint(PlugstackLine line, Findings findings) {
        List<Word> words = withoutReturns(line.words(), findings);
        boolean rest = continued;
        continued = !words.isEmpty() && words.get(words.size() - 1).text().endsWith("\\");
        List<Diagnostic> settings = List.of();
        if (!words.isEmpty()) {
            checkComment(line, words, findings);
            boolean foreign = line.kind() == PlugstackLine.Kind.FOREIGN;
            if (foreign && !KEYWORDS.contains(words.get(0).text())) {
                foreign(words, rest, findings);
            } else if (words.size() == 1) {
                alone(words.get(0), findings);
            } else if (line.kind() == PlugstackLine.Kind.INCLUDE) {
                include(words, findings);
                return List.of();
            } else {
                settings = plugin(line, words, findings);
            }
        }
        return merged(settings, findings);
    }

    /** In the order of the line, and behind it what stands in other files. */
    private List<Diagnostic> merged(List<Diagnostic> settings, Findings findings) {
        List<Diagnostic> elsewhere = new ArrayList<>();
        for (Diagnostic diagnostic : settings) {
            if (diagnostic.source().equals(source)) {
                findings.add(diagnostic);
            } else {
                elsewhere.add(diagnostic);
            }
        }
        List<Diagnostic> found = new ArrayList<>(findings.inOrder());
        found.addAll(elsewhere);
        return found;
    }

    /** The words as they are meant; the first CR of the file is reported. */
    private List<Word> withoutReturns(List<Word> words, Findings findings) {
        List<Word> clean = new ArrayList<>();
        for (Word word : words) {
            int length = word.text().length();
            if (!word.text().endsWith("\r")) {
                clean.add(word);
                continue;
            }
            if (!windows) {
                String shown = length == 1 ? "a keyword" : word.text().substring(0, length - 1);
                findings.add(
                        DiagnosticId.CARRIAGE_RETURN,
                        word.part(length - 1, length).span(),
                        shown);
                windows = true;
            }
            if (length > 1) {
                clean.add(word.part(0, length - 1));
            }
        }
        return clean;
    }

    private static void checkComment(PlugstackLine line, List<Word> words, Findings findings) {
        Word last = words.get(words.size() - 1);
        if (line.comment().isPresent()
                && line.comment().get().start() == last.span().end()) {
            findings.add(DiagnosticId.COMMENT_IN_WORD, line.comment().get(), last.text());
        }
    }

    private List<Diagnostic> plugin(PlugstackLine line, List<Word> words, Findings findings) {
        int end = words.size();
        if (continued) {
            Word last = words.get(end - 1);
            int length = last.text().length();
            findings.add(
                    DiagnosticId.TRAILING_BACKSLASH,
                    last.part(length - 1, length).span());
            end -= length == 1 && end > 2 ? 1 : 0;
        }
        List<Word> whole = words.subList(0, end);
        return plugins.lint(line.kind() == PlugstackLine.Kind.REQUIRED, whole, stack.open(), findings);
    }

    private void include(List<Word> words, Findings findings) {
        if (words.size() > 2) {
            Word extra = words.get(2);
            findings.add(DiagnosticId.INCLUDE_EXTRA_WORD, extra.span(), extra.text());
        }
        stack.include(words.get(1), folder, findings);
    }

    private static void alone(Word keyword, Findings findings) {
        String better = keyword.text() + (keyword.text().equals("include") ? " FILE" : " PLUGIN");
        findings.add(DiagnosticId.KEYWORD_ALONE, keyword.span(), keyword.text(), better);
    }

    private void foreign(List<Word> words, boolean rest, Findings findings) {
        Word keyword = words.get(0);
        if (rest) {
            return;
        }
        if (isSetting(words)) {
            if (!hocon) {
                findings.add(DiagnosticId.HOCON_IN_PLUGSTACK, keyword.span());
            }
            hocon = true;
        } else {
            String hint = Suggestion.hint(keyword.text(), KEYWORDS);
            findings.add(DiagnosticId.UNKNOWN_KEYWORD, keyword.span(), keyword.text(), hint);
        }
    }

    /** Whether the line is one of a HOCON file. */
    private boolean isSetting(List<Word> words) {
        String first = words.get(0).text();
        String second = words.size() > 1 ? words.get(1).text() : "";
        boolean section = first.endsWith("{") || second.startsWith("{") || (hocon && first.startsWith("}"));
        return section || first.indexOf('=') > 0 || second.startsWith("=") || first.endsWith(":");
    }
}
