package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stunnel.config.SettingsCompilation;
import stunnel.config.SettingsCompiler;

class SettingsTrustTest {
    private static final int SOMEBODY = 12345;

    @TempDir
    private Path directory;

    private Path site = Path.of("");
    private Path more = Path.of("");
    private SettingsTrust trust = new SettingsTrust(0);

    @BeforeEach
    void writeSettings() throws IOException {
        Path folder = Files.createDirectory(directory.resolve("etc"));
        site = Files.writeString(folder.resolve("stunnel.conf"), "include \"more/more.conf\"\n");
        Files.createDirectory(folder.resolve("more"));
        more = Files.writeString(folder.resolve("more/more.conf"), "start = warn\n");
        for (Path path : List.of(directory, folder, site, folder.resolve("more"), more)) {
            Files.setAttribute(path, "unix:mode", 0755);
        }
        trust = new SettingsTrust((int) Requests.uid());
    }

    @ParameterizedTest
    @CsvSource({
        ".,0775",
        ".,0757",
        "etc,0777",
        "etc/stunnel.conf,0664",
        "etc/stunnel.conf,0646",
        "etc/more,0770",
        "etc/more/more.conf,0666",
        "etc/stunnel.conf,01666"
    })
    void objectsToWhatOthersCanWrite(String part, String mode) throws IOException {
        assertThat(objection()).isEmpty();
        Path path = directory.resolve(part).normalize();
        Files.setAttribute(path, "unix:mode", Integer.parseInt(mode, 8));
        assertThat(objection().orElse(""))
                .startsWith("error: the settings in " + directory.resolve("etc"))
                .contains(": " + path + " can be written by others than its owner (mode " + mode + ")", "next: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "etc", "etc/stunnel.conf", "etc/more", "etc/more/more.conf"})
    void objectsToWhatBelongsToSomebodyElse(String part) throws IOException {
        Assumptions.assumeTrue(Requests.uid() == 0, "only root can give a file away");
        Path path = directory.resolve(part).normalize();
        Files.setAttribute(path, "unix:uid", SOMEBODY);
        assertThat(objection().orElse("")).contains(path + " belongs to uid " + SOMEBODY);
        trust = new SettingsTrust(SOMEBODY);
        assertThat(objection()).as("in an installation of that user").isEmpty();
    }

    @Test
    void letsTheStickyBitProtectADirectory() throws IOException {
        Files.setAttribute(directory.resolve("etc"), "unix:mode", 01777);
        assertThat(objection()).isEmpty();
    }

    @Test
    void looksWhereLinksLead() throws IOException {
        Path real = site;
        site = Files.createSymbolicLink(directory.resolve("link"), Path.of("way/../way/stunnel.conf"));
        Files.createSymbolicLink(directory.resolve("way"), real.getParent());
        assertThat(objection()).isEmpty();
        Files.setAttribute(real.getParent(), "unix:mode", 0777);
        assertThat(objection().orElse("")).contains(real.getParent() + " can be written by others");
    }

    /** The kernel follows no such link: it was another one when the settings were read. */
    @Test
    void comesToAnEndWhereLinksDoNot() throws IOException {
        SettingsCompilation read = SettingsCompiler.compile(List.of("conf=" + site), directory);
        Files.delete(site);
        Files.createSymbolicLink(site, site);
        assertThat(trust.objection(read)).isEmpty();
    }

    @Test
    void sparesTheUserOfAPrivateInstallationAlone() throws IOException {
        Assumptions.assumeTrue(Requests.uid() == 0, "only root can give a file away");
        Path programs = Files.createDirectory(directory.resolve("libexec"));
        assertThat(SettingsTrust.of(directory, SOMEBODY)).isEqualTo(new SettingsTrust(0));
        Files.setAttribute(programs, "unix:uid", SOMEBODY);
        assertThat(SettingsTrust.of(directory, SOMEBODY)).isEqualTo(new SettingsTrust(SOMEBODY));
        assertThat(SettingsTrust.of(directory, SOMEBODY + 1)).isEqualTo(new SettingsTrust(0));
    }

    private Optional<String> objection() {
        return trust.objection(SettingsCompiler.compile(List.of("conf=" + site), directory));
    }
}
