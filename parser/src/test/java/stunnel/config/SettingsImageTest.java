package stunnel.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Settings that are kept are those of the file, and not used once anything is another. */
class SettingsImageTest {
    private static final String SITE = """
            include "more.conf"
            ssh { command = [/usr/bin/ssh, -4], args = ["-o", "ProxyCommand=nc  %h %p"] }
            policy.listen-ports = [1024-9000, 20000]
            policy.destinations = ["*.example.org:443", "/run/*"]
            log.file = ""
            """;

    @TempDir
    private static Path folder;

    /** What can become of one of the files, or of the image. */
    enum Change {
        CONTENT {
            @Override
            void make(Path prefix) throws IOException {
                Path site = site(prefix);
                FileTime time = Files.getLastModifiedTime(site);
                Files.writeString(site, Files.readString(site).replace("9000", "9999"));
                Files.setLastModifiedTime(site, time);
            }
        },
        TIME {
            @Override
            void make(Path prefix) throws IOException {
                Files.setLastModifiedTime(site(prefix), FileTime.fromMillis(0));
            }
        },
        ANOTHER_FILE {
            @Override
            void make(Path prefix) throws IOException {
                Path other = Files.writeString(prefix.resolve("other"), SITE);
                Files.move(other, site(prefix), StandardCopyOption.REPLACE_EXISTING);
            }
        },
        NO_FILE {
            @Override
            void make(Path prefix) throws IOException {
                Files.delete(site(prefix));
            }
        },
        FILE_OF_THE_SYSTEM {
            @Override
            void make(Path prefix) throws IOException {
                Files.writeString(Files.createDirectories(system(prefix)).resolve("stunnel.conf"), "start = warn");
            }
        },
        INCLUDED {
            @Override
            void make(Path prefix) throws IOException {
                Files.writeString(prefix.resolve("etc/more.conf"), "log.level = info");
            }
        },
        PROGRAM {
            @Override
            void make(Path prefix) throws IOException {
                Files.writeString(program(prefix), "newer");
            }
        },
        SHORTENED {
            @Override
            void make(Path prefix) throws IOException {
                List<String> lines = Files.readAllLines(SettingsImage.place(prefix));
                Files.write(SettingsImage.place(prefix), lines.subList(0, lines.size() - 1));
            }
        },
        MEANINGLESS {
            @Override
            void make(Path prefix) throws IOException {
                Path image = SettingsImage.place(prefix);
                Files.writeString(image, Files.readString(image).replace("TEXT ", "TEXTS "));
            }
        },
        NO_IMAGE {
            @Override
            void make(Path prefix) throws IOException {
                Files.delete(SettingsImage.place(prefix));
            }
        };

        abstract void make(Path prefix) throws IOException;
    }

    /** All before the first is kept: that waits until its files are no longer new. */
    @BeforeAll
    static void makeInstallations() throws IOException {
        install("kept");
        install("private");
        for (Change change : Change.values()) {
            install(change.name());
        }
    }

    @Test
    void areThoseOfTheFile() throws IOException, InterruptedException {
        Path prefix = folder.resolve("kept");
        SettingsCompilation parsed = compile(prefix);

        keep(prefix);

        assertThat(SettingsImage.read(prefix, Optional.of(site(prefix)))).isPresent();
        assertThat(compile(prefix)).isEqualTo(parsed);
        assertThat(parsed.settings().orElseThrow().ssh().args()).containsExactly("-o", "ProxyCommand=nc  %h %p");
        assertThat(parsed.included()).containsExactly(prefix.resolve("etc/more.conf"));
        assertThat(SettingsImage.read(prefix, Optional.empty())).isEmpty();
    }

    @Test
    void areTheDefaultsWithoutAFile() throws IOException, InterruptedException {
        Path prefix = folder.resolve("defaults");
        Files.createDirectories(prefix.resolve("lib/java"));
        SettingsCompilation parsed = compile(prefix);

        assertThat(SettingsImageWriter.write(prefix, List.of(site(prefix)), List.of()))
                .isEmpty();

        assertThat(SettingsImage.read(prefix, Optional.empty())).isPresent();
        assertThat(compile(prefix)).isEqualTo(parsed);
    }

    @ParameterizedTest
    @EnumSource
    void countNoMoreAfterAChange(Change change) throws IOException, InterruptedException {
        Path prefix = folder.resolve(change.name());
        keep(prefix);
        Path system = system(prefix).resolve("stunnel.conf");

        change.make(prefix);

        Path site = Files.exists(system) ? system : site(prefix);
        assertThat(SettingsImage.read(prefix, Files.exists(site) ? Optional.of(site) : Optional.empty()))
                .isEmpty();
        assertThat(compile(prefix).diagnostics()).isEmpty();
    }

    @Test
    void ofUsersAndWithMistakesAreNotKept() throws IOException, InterruptedException {
        Path prefix = folder.resolve("private");
        keep(prefix);
        Files.setPosixFilePermissions(site(prefix), PosixFilePermissions.fromString("rw-r-----"));
        assertThat(write(prefix)).hasValueSatisfying(why -> assertThat(why).endsWith("is not for everyone to read"));
        assertThat(SettingsImage.place(prefix)).doesNotExist();
        Files.setPosixFilePermissions(site(prefix), PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(site(prefix), "strat = warn");
        assertThat(write(prefix))
                .hasValueSatisfying(why -> assertThat(why).contains("they have an error or a warning"));
        Files.writeString(site(prefix), "ssh.args = [\"-o\", \"ProxyCommand=a\\nb\"]");
        assertThat(write(prefix)).isPresent();
        assertThat(SettingsImage.place(prefix)).doesNotExist();
    }

    private static void install(String name) throws IOException {
        Path prefix = folder.resolve(name);
        Files.createDirectories(prefix.resolve("etc"));
        Files.createDirectories(prefix.resolve("lib/java"));
        Files.writeString(prefix.resolve("etc/more.conf"), "log.level = debug");
        Files.writeString(site(prefix), SITE);
        Files.writeString(program(prefix), "jar");
    }

    private static void keep(Path prefix) throws IOException, InterruptedException {
        assertThat(write(prefix)).isEmpty();
    }

    private static Optional<String> write(Path prefix) throws IOException, InterruptedException {
        return SettingsImageWriter.write(prefix, List.of(site(prefix)), List.of(program(prefix)));
    }

    private static SettingsCompilation compile(Path prefix) {
        return SettingsCompiler.compile(List.of(), prefix, system(prefix));
    }

    private static Path site(Path prefix) {
        return prefix.resolve("etc/stunnel.conf");
    }

    private static Path system(Path prefix) {
        return prefix.resolve("system");
    }

    private static Path program(Path prefix) {
        return prefix.resolve("lib/java/stunnel.jar");
    }
}
