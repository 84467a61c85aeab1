package stunnel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;

class SettingsCompilerTest {
    private static final Path SHIPPED = Path.of("..", "conf", "stunnel.conf");

    @TempDir
    private Path folder;

    @Test
    void theShippedFileCompilesToTheDefaults() throws IOException {
        SettingsCompilation defaults = compile();
        write("system/stunnel.conf", Files.readString(SHIPPED));
        assertThat(compile().diagnostics()).isEmpty();
        assertThat(compile().settings()).isPresent().isEqualTo(defaults.settings());
    }

    @Test
    void theShippedFileUncommentedIsTheDefaults() throws IOException {
        SettingsCompilation defaults = compile();
        List<String> keys = new ArrayList<>();
        StringBuilder uncommented = new StringBuilder();
        for (String line : Files.readAllLines(SHIPPED)) {
            boolean setting = line.matches("#[a-z].* = .*");
            uncommented.append(setting ? line.substring(1) : line).append('\n');
            if (setting) {
                keys.add(line.substring(1, line.indexOf(' ')));
            }
        }
        write("system/stunnel.conf", uncommented.toString());
        assertThat(compile().diagnostics()).isEmpty();
        assertThat(compile().settings()).isPresent().isEqualTo(defaults.settings());
        assertThat(keys).containsExactlyElementsOf(keysOfReference());
    }

    private static List<String> keysOfReference() throws IOException {
        try (var bytes = SettingsCompiler.class.getResourceAsStream("/reference.conf")) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains(" = "))
                    .map(line -> line.substring(0, line.indexOf(' ')))
                    .toList();
        }
    }

    /** ssh asks after each interval of silence, and gives up when one more has passed since the last question. */
    @Test
    void aSilentConnectionIsGivenUpWithin45Seconds() {
        SshSettings ssh = compile().settings().orElseThrow().ssh();
        Duration silence = ssh.serverAliveInterval().multipliedBy(ssh.serverAliveCountMax() + 1L);
        assertThat(silence).isLessThan(Duration.ofSeconds(45));
    }

    @Test
    void prefersTheNamedFileThenTheSystemsThenTheInstallations() throws IOException {
        assertThat(compile().siteFile()).isEmpty();

        Path installed = write("prefix/etc/stunnel.conf", "ssh.args = [-1]");
        assertThat(args(compile())).containsExactly("-1");
        assertThat(compile().siteFile()).contains(installed);

        Path system = write("system/stunnel.conf", "ssh.args = [-2]");
        assertThat(args(compile())).containsExactly("-2");
        assertThat(compile().siteFile()).contains(system);

        Path named = write("named.conf", "ssh.args = [-3]");
        assertThat(args(compile("conf=" + named))).containsExactly("-3");
        assertThat(compile("conf=" + named).siteFile()).contains(named);
    }

    @Test
    void pluginOptionsWinOverTheFile() throws IOException {
        write("system/stunnel.conf", "ssh.command = [slogin]\nssh.args = [-4]\nssh.connect-timeout = 3s");
        SettingsCompilation compilation = compile("ssh_args=-6|-v", "ssh_cmd=/opt/ssh");
        assertThat(args(compilation)).containsExactly("-6", "-v");
        SshSettings ssh = compilation.settings().orElseThrow().ssh();
        assertThat(ssh.command()).containsExactly("/opt/ssh");
        assertThat(ssh.connectTimeout()).hasSeconds(3);
        assertThat(args(compile("ssh_args="))).isEmpty();
    }

    @Test
    void theEnvironmentAndSystemPropertiesChangeNothing() throws IOException {
        SettingsCompilation before = compile();
        System.setProperty("ssh.args.0", "-v");
        System.setProperty("start", "warn");
        System.setProperty("config.file", write("user.conf", "start = warn").toString());
        try {
            assertThat(compile().settings()).isEqualTo(before.settings());
            write("system/stunnel.conf", "ssh.command = [${?PATH}, ${?user.home}, ssh]");
            assertThat(compile().settings().orElseThrow().ssh().command()).containsExactly("ssh");
            write("system/stunnel.conf", "ssh.command = [${PATH}]");
            assertThat(ids(compile())).containsExactly(DiagnosticId.CONF_SYNTAX);
        } finally {
            System.clearProperty("ssh.args.0");
            System.clearProperty("start");
            System.clearProperty("config.file");
        }
    }

    @Test
    void refusesWhatIsNestedWithoutEnd() throws IOException {
        for (String text : List.of("a{".repeat(30_000), "a=" + "[".repeat(60_000), "a.".repeat(30_000) + "a=1")) {
            write("system/stunnel.conf", text);
            assertThat(ids(compile())).containsExactly(DiagnosticId.CONF_SYNTAX);
        }
    }

    /** Each of them takes Typesafe Config, or whoever reads the outcome, far more time than its length suggests. */
    @Test
    void refusesMoreThanAnybodySets() throws IOException {
        for (String text : List.of(
                "a".repeat(1_023) + "=1",
                "start=warn\n".repeat(8_001),
                ("a" + ".a".repeat(400) + "=1\n").repeat(20),
                "a=[]\n".repeat(1_001),
                "ssh.args=[" + "-v\n".repeat(2_000) + "]")) {
            write("system/stunnel.conf", text);
            assertThat(ids(compile())).containsExactly(DiagnosticId.CONF_SYNTAX);
            assertThat(compile().diagnostics().get(0).message()).contains("more than");
        }
    }

    @Test
    void findsMistakesInIncludedFiles() throws IOException {
        Path included = write("system/more.conf", "\nstart = never\n");
        write("system/stunnel.conf", "include \"more.conf\"\nlog.level = loud\n");
        List<Diagnostic> diagnostics = compile().diagnostics();
        assertThat(ids(compile())).containsExactly(DiagnosticId.SETTING_CHOICE, DiagnosticId.SETTING_CHOICE);
        assertThat(diagnostics.get(0).source().name()).isEqualTo(included.toString());
        assertThat(diagnostics
                        .get(0)
                        .source()
                        .position(diagnostics.get(0).span().start())
                        .line())
                .isEqualTo(2);
        assertThat(diagnostics.get(1).source().name()).endsWith("stunnel.conf");
    }

    @Test
    void tellsWhichFilesTheSettingsComeFrom() throws IOException {
        Path more = write("system/more.conf", "start = warn\nlog.level = info\n");
        Path site = write("system/stunnel.conf", "include \"more.conf\"\nlog.level = off\n");
        assertThat(compile().siteFile()).contains(site);
        assertThat(compile().included()).containsExactly(more);
        write("system/stunnel.conf", "log.level = off\n");
        assertThat(compile().included()).isEmpty();
    }

    @Test
    void includesFilesBesideTheOneThatNamesThem() throws IOException {
        Path level = write("system/more/level.conf", "level = info");
        Path log = write("system/more/log.conf", "log { include required(\"level.conf\") }");
        Path start = write("elsewhere/start.conf", "start = warn");
        write("system/stunnel.conf", "include file(\"more/log.conf\")\ninclude \"" + start + "\"");
        assertThat(compile().diagnostics()).isEmpty();
        assertThat(compile().included()).containsExactly(log, level, start);
        Settings settings = compile().settings().orElseThrow();
        assertThat(settings.log().level()).isEqualTo(LogLevel.INFO);
        assertThat(settings.start()).isEqualTo(StartPolicy.WARN);
    }

    @Test
    void showsTheWholeCycleOfFilesThatIncludeEachOther() throws IOException {
        write("system/stunnel.conf", "include \"b.conf\"");
        write("system/b.conf", "\ninclude \"d/c.conf\"");
        write("system/d/c.conf", "start = warn\ninclude \"../d/../b.conf\"");
        assertThat(ids(compile())).containsExactly(DiagnosticId.CONF_INCLUDE_CYCLE);
        Diagnostic found = compile().diagnostics().get(0);
        assertThat(found.source().name()).endsWith("system/d/c.conf");
        assertThat(found.source().position(found.span().start()).line()).isEqualTo(2);
        assertThat(found.message()).endsWith(" includes itself: b.conf > c.conf > b.conf");
    }

    @Test
    void refusesIncludesWithoutEnd() throws IOException {
        for (int i = 0; i < 40; i++) {
            write("system/deep/" + i + ".conf", "include \"" + (i + 1) + ".conf\"");
            write("system/wide/" + i + ".conf", ("include \"" + (i + 1) + ".conf\"\n").repeat(2));
        }
        write("system/deep/40.conf", "start = warn");
        write("system/wide/40.conf", "start = warn");
        for (String kind : List.of("deep", "wide")) {
            write("system/stunnel.conf", "include \"" + kind + "/0.conf\"");
            assertThat(ids(compile())).containsExactly(DiagnosticId.CONF_UNREADABLE);
        }
    }

    @Test
    void countsTheReferencesOfIncludedFilesToo() throws IOException {
        write("system/more.conf", "ssh.args += -v\n".repeat(9));
        write("system/stunnel.conf", "include \"more.conf\"\ninclude \"more.conf\"");
        assertThat(ids(compile())).containsExactly(DiagnosticId.CONF_SYNTAX);
    }

    @Test
    void aFileThatCannotBeReadIsAnError() throws IOException {
        Files.createDirectories(folder.resolve("system/stunnel.conf"));
        assertThat(ids(compile())).containsExactly(DiagnosticId.CONF_UNREADABLE);
        assertThat(ids(compile("conf=" + folder.resolve("nothing")))).containsExactly(DiagnosticId.CONF_UNREADABLE);
        Path latin = folder.resolve("latin.conf");
        Files.write(latin, new byte[] {'#', (byte) 0xe4, '\n'});
        assertThat(ids(compile("conf=" + latin))).containsExactly(DiagnosticId.CONF_UNREADABLE);
    }

    @Test
    void reportsOptionsAndFileInOneRun() throws IOException {
        write("system/stunnel.conf", "start = never");
        assertThat(ids(compile("ssh_arg=", "ssh_args=-N")))
                .containsExactly(
                        DiagnosticId.UNKNOWN_OPTION, DiagnosticId.SSH_OPTION_REFUSED, DiagnosticId.SETTING_CHOICE);
    }

    private SettingsCompilation compile(String... options) {
        List<PluginArgument> arguments = new ArrayList<>();
        for (String option : options) {
            arguments.add(PluginArgument.of(option, arguments.size() + 1));
        }
        return SettingsCompiler.compile(arguments, folder.resolve("prefix"), folder.resolve("system"));
    }

    private Path write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private static List<String> args(SettingsCompilation compilation) {
        return compilation.settings().orElseThrow().ssh().args();
    }

    private static List<DiagnosticId> ids(SettingsCompilation compilation) {
        return compilation.diagnostics().stream().map(Diagnostic::id).toList();
    }
}
