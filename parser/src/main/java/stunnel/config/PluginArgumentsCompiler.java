package stunnel.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Span;
import stunnel.diagnostic.Suggestion;
import stunnel.parser.syntax.OptionSyntax;
import stunnel.parser.syntax.RedirectionSyntax;
import stunnel.parser.syntax.Syntax;
import stunnel.parser.syntax.Word;

/** The compiler of the plugstack line's options. */
final class PluginArgumentsCompiler {
    static final List<String> KEYS = List.of("ssh_cmd", "ssh_args", "helpertask_args", "conf");

    private final List<Diagnostic> diagnostics = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private Optional<List<String>> sshCommand = Optional.empty();
    private Optional<List<String>> sshArgs = Optional.empty();
    private HelperTask helperTask = HelperTask.NONE;
    private Optional<ConfPath> conf = Optional.empty();

    void add(PluginArgument argument) {
        Findings findings = new Findings(argument.source());
        Optional<OptionSyntax> option = Syntax.option(argument.source().text(), argument.span());
        if (option.isPresent()) {
            compile(option.get(), findings);
        } else {
            new OptionExaminer(findings, KEYS).explain(argument.span());
        }
        diagnostics.addAll(findings.inOrder());
    }

    /** What was compiled; of use only if no diagnostic is an error. */
    PluginArguments finished() {
        return new PluginArguments(sshCommand, sshArgs, helperTask, conf);
    }

    List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    private void compile(OptionSyntax option, Findings findings) {
        String key = option.key().text();
        if (!KEYS.contains(key)) {
            findings.add(DiagnosticId.UNKNOWN_OPTION, option.key().span(), key, Suggestion.hint(key, KEYS));
            return;
        }
        if (seen.contains(key)) {
            findings.add(DiagnosticId.OPTION_REPEATED, option.key().span(), key);
        }
        seen.add(key);
        warnOfQuotedBars(option, findings);
        switch (key) {
            case "ssh_cmd" -> sshCommand = command(option, findings);
            case "ssh_args" -> sshArgs = Optional.of(options(option, findings));
            case "helpertask_args" -> helperTask = helperTask(option, findings);
            default -> conf = conf(option, findings);
        }
    }

    private static Optional<List<String>> command(OptionSyntax option, Findings findings) {
        refuseRedirections(option, findings);
        return requireWord(option, "ssh_cmd=ssh", findings) ? Optional.of(texts(option.words())) : Optional.empty();
    }

    private static List<String> options(OptionSyntax option, Findings findings) {
        refuseRedirections(option, findings);
        SshOptions.check(option.words(), findings);
        return texts(option.words());
    }

    private static HelperTask helperTask(OptionSyntax option, Findings findings) {
        SshOptions.check(option.words(), findings);
        List<Redirection> redirections = new ArrayList<>();
        for (RedirectionSyntax redirection : option.redirections()) {
            redirections.addAll(RedirectionCompiler.compile(redirection, findings));
        }
        return new HelperTask(texts(option.words()), redirections);
    }

    private static Optional<ConfPath> conf(OptionSyntax option, Findings findings) {
        refuseRedirections(option, findings);
        if (!requireWord(option, "conf=/etc/slurm/stunnel.conf", findings)) {
            return Optional.empty();
        }
        if (option.words().size() > 1) {
            findings.add(DiagnosticId.TOO_MANY_WORDS, option.words().get(1).span(), "conf");
        }
        Word path = option.words().get(0);
        if (!path.text().startsWith("/")) {
            findings.add(DiagnosticId.PATH_NOT_ABSOLUTE, path.span(), path.text());
            return Optional.empty();
        }
        try {
            return Optional.of(new ConfPath(Path.of(path.text()), findings.source(), path.span()));
        } catch (InvalidPathException e) {
            // The JVM's locale has no bytes for one of its characters.
            findings.add(DiagnosticId.CONF_UNREADABLE, path.span(), path.text(), e.getReason());
            return Optional.empty();
        }
    }

    private static boolean requireWord(OptionSyntax option, String example, Findings findings) {
        if (option.words().isEmpty() || option.words().get(0).text().isEmpty()) {
            findings.add(
                    DiagnosticId.EMPTY_OPTION, option.key().span(), option.key().text(), example);
            return false;
        }
        return true;
    }

    private static void refuseRedirections(OptionSyntax option, Findings findings) {
        for (RedirectionSyntax redirection : option.redirections()) {
            findings.add(
                    DiagnosticId.REDIRECTION_NOT_HERE,
                    redirection.span(),
                    option.key().text());
        }
    }

    /** Whoever writes {@code "a|b"} means a blank: a shell would have seen one there. */
    private static void warnOfQuotedBars(OptionSyntax option, Findings findings) {
        for (Word word : option.words()) {
            String raw = word.span().of(findings.source().text());
            int bar = raw.indexOf('|');
            while (bar > 0 && raw.charAt(bar - 1) == '\\') {
                bar = raw.indexOf('|', bar + 1);
            }
            if (bar >= 0) {
                int start = word.span().start() + bar;
                findings.add(DiagnosticId.QUOTED_BAR, new Span(start, start + 1));
            }
        }
    }

    private static List<String> texts(List<Word> words) {
        List<String> texts = new ArrayList<>(words.size());
        for (Word word : words) {
            texts.add(word.text());
        }
        return List.copyOf(texts);
    }
}
