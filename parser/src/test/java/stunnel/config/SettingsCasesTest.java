package stunnel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import stunnel.cases.CaseFile;
import stunnel.diagnostic.DiagnosticText;

class SettingsCasesTest {
    private static final Path NOWHERE = Path.of("/nonexistent");

    private static final Settings DEFAULTS =
            SettingsCompiler.compile(List.of(), NOWHERE, NOWHERE).settings().orElseThrow();

    @TempDir
    private Path folder;

    @TestFactory
    Stream<DynamicTest> acceptsOptions() {
        return CaseFile.tests("valid", ".options", file -> accept(file, options(file)));
    }

    @TestFactory
    Stream<DynamicTest> refusesOptions() {
        return CaseFile.tests("invalid", ".options", file -> refuse(file, options(file)));
    }

    @TestFactory
    Stream<DynamicTest> acceptsSettingsFiles() {
        return CaseFile.tests("valid", ".conf", file -> accept(file, conf(file)));
    }

    @TestFactory
    Stream<DynamicTest> refusesSettingsFiles() {
        return CaseFile.tests("invalid", ".conf", file -> refuse(file, conf(file)));
    }

    private void accept(CaseFile file, SettingsCompilation compilation) {
        String diagnostics = rendered(compilation);
        assertThat(compilation.settings()).as(diagnostics).isPresent();
        file.expect(".settings", described(compilation.settings().orElseThrow()) + diagnostics);
    }

    private void refuse(CaseFile file, SettingsCompilation compilation) {
        assertThat(compilation.settings()).isEmpty();
        file.expect(file.path().toString().endsWith(".conf") ? ".conf-diag" : ".options-diag", rendered(compilation));
    }

    private static SettingsCompilation options(CaseFile file) {
        List<PluginArgument> arguments = new ArrayList<>();
        for (String line : file.text().split("\n", -1)) {
            arguments.add(PluginArgument.of(line, arguments.size() + 1));
        }
        // Behind the last LF is no option.
        return SettingsCompiler.compile(arguments.subList(0, arguments.size() - 1), NOWHERE, NOWHERE);
    }

    private SettingsCompilation conf(CaseFile file) throws IOException {
        Files.writeString(folder.resolve("stunnel.conf"), file.text());
        return SettingsCompiler.compile(List.of(), NOWHERE, folder);
    }

    private String rendered(SettingsCompilation compilation) {
        return DiagnosticText.render(compilation.diagnostics()).replace(folder + "/", "");
    }

    private static String described(Settings settings) {
        SshSettings ssh = settings.ssh();
        StringBuilder text = new StringBuilder();
        text.append("ssh ").append(ssh.command()).append(' ').append(ssh.args()).append('\n');
        text.append("connect ").append(ssh.connectTimeout()).append(", alive ").append(ssh.serverAliveInterval());
        text.append(" x ").append(ssh.serverAliveCountMax()).append(", start ").append(ssh.startTimeout());
        text.append('\n')
                .append(settings.control())
                .append(' ')
                .append(settings.start())
                .append('\n');
        if (!settings.policy().equals(DEFAULTS.policy())) {
            text.append(settings.policy()).append('\n');
        }
        text.append(settings.log()).append('\n');
        settings.loginHost()
                .ifPresent(host -> text.append("login ").append(host).append('\n'));
        text.append("helper ").append(settings.helperTask().words()).append('\n');
        for (Redirection redirection : settings.helperTask().redirections()) {
            text.append("  ").append(redirection).append('\n');
        }
        return text.toString();
    }
}
