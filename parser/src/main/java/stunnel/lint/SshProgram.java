package stunnel.lint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import stunnel.config.PluginArgument;
import stunnel.config.SettingsCompilation;
import stunnel.config.SettingsCompiler;
import stunnel.config.hocon.HoconValue;
import stunnel.config.hocon.SettingsText;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Source;
import stunnel.parser.syntax.OptionSyntax;
import stunnel.parser.syntax.Syntax;
import stunnel.parser.syntax.Word;

/** Whether this host has the ssh that an option or a settings file names by its path; no start of a tunnel asks so early. */
final class SshProgram {
    private static final String OPTION = "ssh_cmd";
    private static final String SETTING = "ssh.command";

    private final Root root;

    SshProgram(Root root) {
        this.root = root;
    }

    /** The one that counts: that of the options, or else that of the settings file that was read with them. */
    List<Diagnostic> check(List<PluginArgument> options, SettingsCompilation compiled) {
        for (PluginArgument option : options) {
            Optional<OptionSyntax> syntax = Syntax.option(option.source().text(), option.span());
            if (syntax.isPresent() && syntax.get().key().text().equals(OPTION)) {
                return check(syntax.get().words(), option.source(), OPTION + "=ssh");
            }
        }
        boolean sound = compiled.settings()
                .filter(settings -> isThere(settings.ssh().command().get(0)))
                .isPresent();
        if (sound || compiled.siteFile().isEmpty()) {
            return List.of();
        }
        try {
            // Values that were kept do not know where they stood.
            return check(SettingsText.read(compiled.siteFile().get()));
        } catch (IOException e) {
            return List.of(); // It was there a moment ago.
        }
    }

    /** That of a settings file. */
    List<Diagnostic> check(Source settings) {
        for (HoconValue value : SettingsCompiler.values(settings)) {
            if (value.path().equals(SETTING) && value.kind() == HoconValue.Kind.LIST) {
                return check(value.words(), value.source(), SETTING + " = [ssh]");
            }
        }
        return List.of();
    }

    private List<Diagnostic> check(List<Word> command, Source source, String better) {
        if (command.isEmpty() || isThere(command.get(0).text())) {
            return List.of();
        }
        Word program = command.get(0);
        return List.of(Diagnostic.of(DiagnosticId.SSH_NOT_EXECUTABLE, source, program.span(), program.text(), better));
    }

    /** A name is looked for elsewhere. */
    private boolean isThere(String program) {
        if (!program.startsWith("/")) {
            return true;
        }
        Optional<Path> file = root.resolve(root.path(), program);
        return file.isPresent() && Files.isRegularFile(file.get()) && Files.isExecutable(file.get());
    }
}
