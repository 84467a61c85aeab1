package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The packages, from installation to purge, on hosts whose /usr may be changed. */
@TestbedTest
class PackageIT {
    private static final String PREFIX = "/usr/lib/slurm-stunnel";
    private static final String SETTINGS = "/etc/slurm/stunnel.conf";
    private static final String LINE = "required " + PREFIX + "/lib/slurm-spank-stunnel.so";
    private static final String SERVE = " /opt/testbed/serve 8000";
    private static final String JVM = "/usr/lib/jvm";

    private static final Testbed TESTBED = Testbed.shared();
    private static Packages packages = new Packages(List.of());

    private final Account alice = TESTBED.alice();
    private PackagedHost login = new PackagedHost(TESTBED.host("login"));
    private PackagedHost node = new PackagedHost(TESTBED.host("cn1"));

    @BeforeAll
    static void pack() {
        packages = Packages.make(TESTBED);
    }

    @BeforeEach
    void layer() {
        login = PackagedHost.on(TESTBED, "login");
        node = PackagedHost.on(TESTBED, "cn1");
    }

    @AfterEach
    void unlayer() {
        login.close();
        node.close();
    }

    @Test
    void needsNothingButItsLine() {
        String deb = Packages.lend(TESTBED, packages.file(".deb"));
        String plugstack = login.root().output("cat", "/etc/slurm/plugstack.conf");
        String said = login.apt("install", deb).stdout();
        node.apt("install", deb);

        assertThat(said).contains("not in force yet", LINE);
        assertThat(login.root().output("cat", "/etc/slurm/plugstack.conf")).isEqualTo(plugstack);
        assertThat(archives(login)).containsExactly(archive(login));
        assertThatTunnelsOpen();

        assertThat(login.apt("remove", "slurm-stunnel").stdout()).doesNotContain("its line is still");
        node.apt("purge", "slurm-stunnel");
        login.apt("purge", "slurm-stunnel");
        assertThat(login.traces()).isEmpty();
        assertThat(node.traces()).isEmpty();
    }

    @Test
    void keepsChangedSettings() {
        String deb = Packages.lend(TESTBED, packages.file(".deb"));
        login.apt("install", older(deb));
        login.root().output("sed", "--in-place", "$a start = warn", SETTINGS);
        login.apt("-o", "Dpkg::Options::=--force-confdef", "install", deb);

        assertThat(login.root().output("tail", "-n2", SETTINGS)).isEqualTo("# an older comment\nstart = warn");
        assertThat(login.root().output("cat", SETTINGS + ".dpkg-dist")).doesNotContain("an older comment");
        assertThat(archives(login)).containsExactly(archive(login));

        login.apt("remove", "slurm-stunnel");
        assertThat(login.root().output("tail", "-n1", SETTINGS)).isEqualTo("start = warn");
        assertThat(login.root().run("ls", PREFIX).exit()).isNotZero();
        login.apt("purge", "slurm-stunnel");
        assertThat(login.traces()).isEmpty();
    }

    @Test
    void warnsThatItsLineIsStillThere() {
        login.apt("install", Packages.lend(TESTBED, packages.file(".deb")));
        login.plug(LINE);
        assertThat(login.apt("purge", "slurm-stunnel").stdout()).contains("its line is still below /etc/slurm");
    }

    @Test
    void followsTheMachinesJava() {
        login.apt("install", Packages.lend(TESTBED, packages.file(".deb")));
        String first = archive(login);
        String java = login.root().output("readlink", PREFIX + "/libexec/java");
        login.root().output("touch", java.replace("bin/java", "lib/server/libjvm.so"));
        login.apt("install", anotherJava());

        assertThat(archive(login)).isNotEqualTo(first);
        assertThat(archives(login)).containsExactly(archive(login));
    }

    @Test
    void runsOnItsOwnJavaWhereThereIsNone() {
        String deb = Packages.lend(
                TESTBED, Packages.make(TESTBED, "--with-java", "deb").file(".deb"));
        for (PackagedHost host : List.of(login, node)) {
            host.root().output("mount", "-t", "tmpfs", "none", JVM);
            host.apt("install", deb);
        }
        try {
            assertThat(alice.run("java", "-version").exit()).isNotZero();
            assertThat(archives(node)).containsExactly(archive(node));
            assertThatTunnelsOpen();
        } finally {
            for (PackagedHost host : List.of(login, node)) {
                host.apt("purge", "slurm-stunnel-with-java");
                host.root().output("umount", JVM);
            }
        }
        assertThat(login.traces()).isEmpty();
    }

    @Test
    void comesAndGoesAsRpm() {
        String rpm = Packages.lend(TESTBED, packages.file(".rpm"));
        // Debian has no such packages for it to depend on.
        for (PackagedHost host : List.of(login, node)) {
            host.root().output("rpm", "--force-debian", "--nodeps", "--dbpath=/run/layers/rpm", "--install", rpm);
        }
        assertThat(archives(login)).containsExactly(archive(login));
        assertThatTunnelsOpen();

        for (PackagedHost host : List.of(login, node)) {
            host.root().output("rpm", "--force-debian", "--dbpath=/run/layers/rpm", "--erase", "slurm-stunnel");
        }
        assertThat(login.traces()).isEmpty();
        assertThat(node.traces()).isEmpty();
    }

    /** For a job of srun, whose tunnel the submit host opens, and for one of sbatch, whose the node does. */
    private void assertThatTunnelsOpen() {
        for (PackagedHost host : List.of(login, node)) {
            host.plug(LINE);
        }
        assertThat(alice.output("slurm-stunnel", "validate", "--strict")).isEmpty();
        try (RunningCommand step = alice.startTyped("srun -w cn1 --tunnel 8001:8000" + SERVE)) {
            step.awaitStdout("serving");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
        }
        TESTBED.awaitEndOfTunnel("login", 8001);
        try (Job job = Job.submit(alice, "sbatch -w cn1 --tunnel 8001:8000 --wrap 'exec" + SERVE + "'")) {
            Await.until("the tunnel is up", () -> alice.reaches(8001));
        }
        TESTBED.awaitEndOfTunnel("cn1", 8001);
        for (PackagedHost host : List.of(login, node)) {
            host.plug("");
        }
    }

    /** The same package as of an older version, which had other settings. */
    private String older(String deb) {
        String script = """
                set -e
                cd /run
                dpkg-deb --raw-extract %s older
                sed --in-place 's/^Version: /&0.0.1~/' older/DEBIAN/control
                echo '# an older comment' >>older/etc/slurm/stunnel.conf
                dpkg-deb -Znone --build older older.deb
                rm -r older
                """.formatted(deb);
        assertThat(login.root().bash(script).exit()).isZero();
        return "/run/older.deb";
    }

    /** A package that brings a file below {@link #JVM}, as each Java runtime does. */
    private String anotherJava() {
        String script = """
                set -e
                cd /run
                mkdir --parents java/DEBIAN java%1$s/another
                echo IMPLEMENTOR >java%1$s/another/release
                cat >java/DEBIAN/control <<END
                Package: another-java
                Version: 1
                Architecture: all
                Maintainer: nobody <nobody@localhost>
                Description: another Java runtime
                END
                dpkg-deb -Znone --build java java.deb
                rm -r java
                """.formatted(JVM);
        assertThat(login.root().bash(script).exit()).isZero();
        return "/run/java.deb";
    }

    private static String archive(PackagedHost host) {
        return host.root().output(PREFIX + "/libexec/stunnel-keeper", "--archive");
    }

    private static List<String> archives(PackagedHost host) {
        return host.root().output("find", PREFIX, "-name", "*.jsa").lines().toList();
    }
}
