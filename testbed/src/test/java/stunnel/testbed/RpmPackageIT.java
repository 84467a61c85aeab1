package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an .rpm does of its own, by rpm itself: its database is empty here, so that nothing it depends on is in it. */
@TestbedTest
class RpmPackageIT {
    private static final String PREFIX = "/usr/lib/slurm-stunnel";
    private static final String SETTINGS = "/etc/slurm/stunnel.conf";
    private static final Testbed TESTBED = Testbed.shared();

    private PackagedHost login = new PackagedHost(TESTBED.host("login"));
    private String rpm = "";

    @BeforeEach
    void install() {
        login = PackagedHost.on(TESTBED, "login");
        rpm = Packages.lend(TESTBED, Packages.make(TESTBED, "rpm").file(".rpm"));
    }

    @AfterEach
    void unlayer() {
        login.close();
    }

    @Test
    void keepsChangedSettings() {
        rpm("--install", other("slurm-stunnel", "%config(noreplace) " + SETTINGS));
        login.root().output("sed", "--in-place", "$a start = warn", SETTINGS);
        rpm("--upgrade", rpm);
        assertThat(login.root().output("tail", "-n1", SETTINGS)).isEqualTo("start = warn");
        assertThat(login.root().output("cat", SETTINGS + ".rpmnew")).contains("policy");
        assertThat(archives()).isEqualTo(archive());

        rpm("--erase", "slurm-stunnel");
        assertThat(login.root().output("tail", "-n1", SETTINGS + ".rpmsave")).isEqualTo("start = warn");
        login.root().output("rm", SETTINGS + ".rpmsave", SETTINGS + ".rpmnew");
        assertThat(login.traces()).isEmpty();
    }

    @Test
    void followsTheMachinesJava() {
        rpm("--install", rpm);
        String first = archive();
        String java = login.root().output("readlink", PREFIX + "/libexec/java");
        login.root().output("touch", java.replace("bin/java", "lib/server/libjvm.so"));
        // As each Java runtime does.
        rpm("--install", other("another-java", "/usr/lib/jvm/another/release"));

        assertThat(archive()).isNotEqualTo(first);
        assertThat(archives()).isEqualTo(archive());
    }

    /** A package of that name that brings one file; {@code file} as of a spec's list. */
    private String other(String name, String file) {
        String spec = """
                Name: %1$s
                Version: 0
                Release: 1
                Summary: Another package
                License: none
                BuildArch: noarch
                %%description
                %%install
                echo '# of another package' | install -D --mode=644 /dev/stdin %%{buildroot}%2$s
                %%files
                %3$s
                """.formatted(name, file.replaceFirst(".* ", ""), file);
        login.root().write("/run/other.spec", spec);
        login.root().output("rpmbuild", "-bb", "--define", "_topdir /run/other", "/run/other.spec");
        return "/run/other/RPMS/noarch/%s-0-1.noarch.rpm".formatted(name);
    }

    private String archive() {
        return login.root().output(PREFIX + "/libexec/stunnel-keeper", "--archive");
    }

    private String archives() {
        return login.root().output("find", PREFIX, "-name", "*.jsa");
    }

    private void rpm(String... arguments) {
        Stream<String> command = Stream.of("rpm", "--force-debian", "--nodeps", "--dbpath=/run/layers/rpm");
        login.root().output(Stream.concat(command, Stream.of(arguments)).toArray(String[]::new));
    }
}
