package stunnel.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stunnel.config.SettingsCompilation;
import stunnel.config.SettingsCompiler;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.DiagnosticText;
import stunnel.diagnostic.Source;

class LinterTest {
    private static final String PLUGIN = "/opt/stunnel/lib/slurm-spank-stunnel.so";

    @TempDir
    private Path root;

    @Test
    void findsTheFilesOfTheSystem() throws IOException {
        assertThat(linter().systemFiles()).isEmpty();
        Path conf = file("etc/slurm/stunnel.conf", "start = warn");
        Path plugstack = file("etc/slurm/plugstack.conf", "");
        assertThat(linter().systemFiles()).containsExactly(plugstack, conf);
        file("etc/slurm/slurm.conf", "ClusterName=x\n plugStackConfig = /site/stack.conf # ours\n");
        assertThat(linter().systemFiles()).containsExactly(conf);
        Path named = file("site/stack.conf", "");
        assertThat(linter().systemFiles()).containsExactly(named, conf);
    }

    @Test
    void readsTheSettingsThatThePluginReads() throws IOException {
        file(PLUGIN.substring(1), "");
        file("etc/slurm/stunnel.conf", "start = wran");
        Linter linter = linter();
        linter.file(file("plugstack.conf", "optional " + PLUGIN));
        linter.file(root.resolve("etc/slurm/stunnel.conf"));
        assertThat(linter.diagnostics()).extracting(Diagnostic::id).containsExactly(DiagnosticId.SETTING_CHOICE);

        file("etc/slurm/stunnel.conf", "start = warn");
        Linter warned = linter();
        warned.file(root.resolve("plugstack.conf"));
        assertThat(warned.diagnostics()).isEmpty();
    }

    @Test
    void knowsTheSettingsOfTheSystem() throws IOException {
        assertThat(linter().systemSettings().siteFile()).isEmpty();
        Path conf = file("etc/slurm/stunnel.conf", "start = warn");
        assertThat(linter().systemSettings().siteFile()).contains(conf);
        file(PLUGIN.substring(1), "");
        Path named = file("named.conf", "start = warn");
        file("etc/slurm/plugstack.conf", "required " + PLUGIN + " ssh_cmd=/opt/ssh conf=" + named);
        Linter linter = linter();
        assertThat(linter.systemSettings().siteFile()).contains(named);
        SettingsCompilation with = SettingsCompiler.compileWith(linter.loadedOptions(), conf);
        assertThat(with.siteFile()).contains(conf);
        assertThat(with.settings().orElseThrow().ssh().command()).containsExactly("/opt/ssh");
    }

    @Test
    void judgesJobScriptsByThePolicyOfTheSystem() throws IOException {
        Path script = file("job.sh", "#!/bin/sh\n#SBATCH -n1 --tunnel=R8001:8000,R9001:80'00'\n");
        file("etc/slurm/stunnel.conf", "policy.listen-ports = [9000-9999]");
        Linter linter = linter();
        linter.file(script);
        linter.spec("8002:8000");
        assertThat(DiagnosticText.render(linter.diagnostics()))
                .contains("job.sh:2:22: error: this site does not let users listen on port 8001 [policy-listen-port]")
                .contains("--tunnel:1:1: error: this site does not let users listen on port 8002 [policy-listen-port]");
        assertThat(linter.isPolicyKnown()).isTrue();

        file("etc/slurm/stunnel.conf", "policy.listen-ports = [9000-99999]");
        Linter unknowing = linter();
        unknowing.file(script);
        assertThat(unknowing.diagnostics()).isEmpty();
        assertThat(unknowing.isPolicyKnown()).isFalse();
    }

    @Test
    void looksForPluginsWhereSlurmDoes() throws IOException {
        file("site/plugins/x11.so", "");
        file("etc/slurm/slurm.conf", "PluginDir=/nonexistent:/site/plugins");
        Linter linter = linter();
        linter.file(file("etc/slurm/plugstack.conf", "required x11.so\nrequired x12.so\n"));
        assertThat(linter.diagnostics()).extracting(Diagnostic::id).containsExactly(DiagnosticId.PLUGIN_MISSING);
    }

    /** Slurm's parse_config.c: quotes, several to a line, lines that go on, and the last one counts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PluginDir=\"/site/plugins\" # ours",
                "plugindir = /site/plugins",
                "ClusterName=x PluginDir=/site/plugins",
                "ClusterName=\"PluginDir=/nonexistent\" PluginDir=/site/plugins#",
                "PluginDir=\\\n/site/plugins",
                "PluginDir=/nonexistent\nPluginDir=/site/plugins\n#PluginDir=/nonexistent",
                "PluginDir=/no\0where:/site/plugins",
            })
    void readsPluginDirAsSlurmDoes(String conf) throws IOException {
        file("site/plugins/x11.so", "");
        file("etc/slurm/slurm.conf", conf + "\n");
        assertThat(ids("required x11.so")).isEmpty();
        assertThat(ids("required x12.so")).containsExactly(DiagnosticId.PLUGIN_MISSING);
    }

    /** No line is called fatal that works. */
    @Test
    void warnsOfAPluginThatCouldBeFoundElsewhere() throws IOException {
        String stack = "required x12.so";
        assertThat(ids(stack)).as("no slurm.conf").containsExactly(DiagnosticId.RELATIVE_PLUGIN);
        file("etc/slurm/slurm.conf", "ClusterName=x\n");
        assertThat(ids(stack)).as("a Slurm from source").containsExactly(DiagnosticId.RELATIVE_PLUGIN);
        file("usr/lib64/slurm/x11.so", "");
        assertThat(ids(stack)).as("a Slurm of a package").containsExactly(DiagnosticId.PLUGIN_MISSING);
        file("etc/slurm/slurm.conf", "Include more.conf\n");
        assertThat(ids(stack)).as("PluginDir in another file").containsExactly(DiagnosticId.RELATIVE_PLUGIN);
        file("etc/slurm/slurm.conf", "Include more.conf\nPluginDir=/site/plugins\n");
        assertThat(ids(stack)).as("PluginDir").containsExactly(DiagnosticId.PLUGIN_MISSING);

        assertThat(ids("optional x12.so")).as("optional").containsExactly(DiagnosticId.RELATIVE_PLUGIN);
        assertThat(ids("required libx12.so")).as("ld.so.cache").containsExactly(DiagnosticId.RELATIVE_PLUGIN);
        file("lib/x86_64-linux-gnu/x12.so", "");
        assertThat(ids(stack)).as("a folder of ld.so").containsExactly(DiagnosticId.RELATIVE_PLUGIN);
        file("site/plugins/x12.so", "");
        assertThat(ids(stack)).as("there").isEmpty();
    }

    @Test
    void warnsOfAnSshThatIsNotThere() throws IOException {
        file(PLUGIN.substring(1), "");
        String required = "required " + PLUGIN;
        Path conf = file("etc/slurm/stunnel.conf", "ssh {\n  command = [-4]\n  command = [\"/opt/ssh\", -4]\n}\n");
        Linter linter = linter();
        linter.file(file("plugstack.conf", required));
        linter.file(conf);
        assertThat(DiagnosticText.render(linter.diagnostics()))
                .startsWith(conf + ":3:15: warning: /opt/ssh is no executable file on this host")
                .contains("write ssh.command = [ssh] for")
                .containsOnlyOnce("warning:");
        assertThat(linter.systemSettings().diagnostics()).isEmpty();
        Linter alone = linter();
        alone.file(conf);
        assertThat(alone.diagnostics()).isEqualTo(linter.diagnostics());

        assertThat(ids(required + " ssh_cmd=ssh")).as("replaced").isEmpty();
        Path ssh = file("opt/ssh", "");
        assertThat(ids(required)).as("not executable").containsExactly(DiagnosticId.SSH_NOT_EXECUTABLE);
        assertThat(ssh.toFile().setExecutable(true)).isTrue();
        assertThat(ids(required)).as("there").isEmpty();
        assertThat(ids(required + " ssh_cmd=/opt")).as("a folder").containsExactly(DiagnosticId.SSH_NOT_EXECUTABLE);
        assertThat(ids(required + " ssh_cmd=/none ssh_arg=-4"))
                .as("beside an error")
                .containsExactly(DiagnosticId.SSH_NOT_EXECUTABLE, DiagnosticId.UNKNOWN_OPTION);
        file("etc/slurm/stunnel.conf", "start = never\nssh.command = [/none]\n");
        assertThat(ids(required))
                .as("beside an error")
                .containsExactlyInAnyOrder(DiagnosticId.SETTING_CHOICE, DiagnosticId.SSH_NOT_EXECUTABLE);
    }

    private List<DiagnosticId> ids(String plugstack) throws IOException {
        Linter linter = linter();
        linter.file(file("plugstack.conf", plugstack + "\n"));
        return linter.diagnostics().stream().map(Diagnostic::id).toList();
    }

    @Test
    void tellsTheKindsOfTextsApart() {
        assertThat(kind("-", "# nothing\n")).isEqualTo(FileKind.PLUGSTACK);
        assertThat(kind("-", "\n# x\nRequired /x.so")).isEqualTo(FileKind.PLUGSTACK);
        assertThat(kind("-", "ssh.args = []")).isEqualTo(FileKind.SETTINGS);
        assertThat(kind("-", "ssh { }")).isEqualTo(FileKind.SETTINGS);
        assertThat(kind("-", "include \"more.conf\"")).isEqualTo(FileKind.SETTINGS);
        assertThat(kind("-", "include more.conf")).isEqualTo(FileKind.PLUGSTACK);
        assertThat(kind("-", "requird x11.so")).isEqualTo(FileKind.PLUGSTACK);
        assertThat(kind("-", "#!/bin/sh\nrequired")).isEqualTo(FileKind.JOB_SCRIPT);
        assertThat(kind("-", "#SBATCH -n 1\nrequired /x.so")).isEqualTo(FileKind.JOB_SCRIPT);
        assertThat(kind("a/stunnel.conf", "required /x.so")).isEqualTo(FileKind.SETTINGS);
        assertThat(kind("a/plugstack.conf", "ssh { }")).isEqualTo(FileKind.PLUGSTACK);
    }

    @Test
    void readsAHundredFilesWithTwentyThousandMistakes() throws IOException {
        file("plugstack.conf", "include plugstack.conf.d/*.conf\n");
        for (int i = 0; i < 100; i++) {
            file(
                    "plugstack.conf.d/" + i + ".conf",
                    "requird /x.so\n# a comment\nrequired /usr/lib/none.so a=b\n".repeat(100));
        }
        Linter linter = linter();
        linter.file(root.resolve("plugstack.conf"));
        assertThat(linter.diagnostics()).hasSize(20_000);
        Diagnostic last = linter.diagnostics().get(19_999);
        assertThat(last.source().name()).endsWith("/99.conf");
        assertThat(last.source().position(last.span().start()).line()).isEqualTo(300);
    }

    /** The memory that is allocated stands for the work, and is the same on a busy machine. */
    @Test
    void doesTwiceTheWorkForTwiceTheLines() throws IOException {
        file(PLUGIN.substring(1), "");
        for (String line : List.of(
                "required " + PLUGIN + " ssh_args=-o|Port=2222 helpertask_args=>/tmp/x|2>&1\n",
                "requird /x.so # a comment\n",
                "optional x11.so a b=c\n",
                "include 1.conf 2.conf\n",
                "start = warn\n",
                "\n")) {
            allocated(line, 1_000);
            long once = allocated(line, 2_000);
            long twice = allocated(line, 4_000);
            assertThat((double) twice / once).as(line).isLessThan(2.3);
        }
    }

    private long allocated(String line, int lines) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Source source = new Source(root.resolve("plugstack.conf").toString(), line.repeat(lines));
        long before = thread.getCurrentThreadAllocatedBytes();
        Linter linter = linter();
        linter.text(source);
        DiagnosticText.render(linter.diagnostics());
        return thread.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void survivesIncludesWithoutEnd() throws IOException {
        for (int i = 0; i < 300; i++) {
            file("deep/" + i + ".conf", "include " + (i + 1) + ".conf\n");
        }
        for (int i = 0; i < 40; i++) {
            file("wide/" + i + ".conf", ("include " + (i + 1) + ".conf\n").repeat(2));
        }
        Linter linter = linter();
        linter.text(new Source(root.resolve("deep/x").toString(), "include 0.conf\n"));
        linter.text(new Source(root.resolve("wide/x").toString(), "include 0.conf\ninclude a\0b\n"));
        assertThat(linter.diagnostics())
                .extracting(Diagnostic::id)
                .containsExactly(
                        DiagnosticId.INCLUDE_UNREADABLE,
                        DiagnosticId.INCLUDE_WITHOUT_FILE,
                        DiagnosticId.INCLUDE_WITHOUT_FILE,
                        DiagnosticId.INCLUDE_WITHOUT_FILE);
    }

    @Test
    void saysWhyAFileCannotBeRead() {
        assertThatThrownBy(() -> linter().file(root.resolve("none")))
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("none cannot be read: it does not exist");
        assertThatThrownBy(() -> linter().file(root)).hasMessageEndingWith("cannot be read: it is not a file");
    }

    private static FileKind kind(String name, String text) {
        return FileKind.of(new Source(name, text));
    }

    private Linter linter() {
        return new Linter(root, root.resolve("opt/stunnel"), false);
    }

    private Path file(String name, String text) throws IOException {
        Path path = root.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }
}
