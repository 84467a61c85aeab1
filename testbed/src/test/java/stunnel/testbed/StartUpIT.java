package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens between the command line and ssh, counted: the figures that a busy machine does not change. */
@TestbedTest
class StartUpIT {
    private static final String PREFIX = "/opt/slurm-stunnel";
    private static final String ASIDE = PREFIX + "/lib/aside";
    private static final String STEP = "srun -w cn1 --tunnel 8001:8000 /opt/testbed/serve 8000";
    private static final String TRACE = "strace --follow-forks --trace=execve --string-limit=4096 -- ";

    /** As the keeper starts it, in a shell that knows the archive. */
    private static final String RUNTIME =
            "PREFIX/libexec/java @PREFIX/lib/java/jvm.options -XX:SharedArchiveFile=$archive"
                    + " -Djna.boot.library.path=PREFIX/lib/java -cp PREFIX/lib/java/stunnel-runtime.jar";

    /**
     * With some room: 1,237 with Java 17 when this was written, JNA's logging in it; 190 more where the settings have to be parsed.
     * Java 25 has 630 more in its own archive ready at once.
     */
    private static final int MOST_CLASSES = Runtime.version().feature() == 17 ? 1_300 : 1_930;

    private static final int MOST_CLASSES_NOT_ARCHIVED = 2;

    /** 3,200 when this was written; 1,900 more where the archive is not mapped at the address that it was made for. */
    private static final int MOST_PAGE_FAULTS = 4_000;

    private static final Pattern PROGRAM = Pattern.compile("execve\\(\"[^\"]*/([^\"/]*)\"");
    private static final Pattern ARCHIVE = Pattern.compile("-XX:SharedArchiveFile=([^\"]*)");

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();
    private final Account root = testbed.host("login");

    /** Settings and jars that were replaced and put back are other files to what was kept of them. */
    @BeforeEach
    void tune() {
        root.output(PREFIX + "/libexec/stunnel-tune");
    }

    @Test
    void runsNothingButTheKeeperAndTheRuntimeBeforeSsh() {
        List<String> programs = programs(traceOfTunnel());
        assertThat(programs).startsWith("srun", "stunnel-keeper");
        // The keeper may log in before the runtime is there.
        assertThat(programs.subList(2, 4)).containsExactlyInAnyOrder("java", "ssh");
    }

    @Test
    void loadsItsClassesFromTheArchive() {
        String loaded = alice.bash("""
                        request() {
                            printf 'request=%s\\0context=local\\0origin=srun\\0prefix=%s\\0uid=%s\\0host=login\\0' \\
                                $1 PREFIX $(id -u)
                            printf 'job=1\\0nodes=cn1\\0spec=8001:8000,R8002:8003\\0\\0'
                        }
                        archive=$(PREFIX/libexec/stunnel-keeper --archive)
                        { request check; request open; } | RUNTIME -Xlog:class+load:file=/tmp/loaded::filecount=0 \\
                            stunnel.runtime.Main | tr '\\0' '\\n' >/tmp/answers
                        ssh -F none -S $(sed -n 's/^dir=//p' /tmp/answers)/ctl -O exit x
                        rm -r $(sed -n 's/^dir=//p' /tmp/answers)
                        grep -c ^answer=ready /tmp/answers
                        cat /tmp/loaded
                        rm /tmp/loaded /tmp/answers
                        """.replace("RUNTIME", RUNTIME).replace("PREFIX", PREFIX))
                .stdout();

        assertThat(loaded).startsWith("1\n");
        List<String> classes = loaded.lines().skip(1).toList();
        assertThat(classes).hasSizeBetween(500, MOST_CLASSES);
        assertThat(classes.stream().filter(line -> !line.contains("shared objects file")))
                .hasSizeLessThanOrEqualTo(MOST_CLASSES_NOT_ARCHIVED);
    }

    @Test
    void takesFewPagesAndFilesForAVerdict() {
        String counted = alice.bash("""
                        cd "$(mktemp --directory)"
                        printf 'request=check\\0context=local\\0origin=sbatch\\0prefix=%s\\0uid=%s\\0host=login\\0spec=R8001:8000\\0\\0' \\
                            PREFIX $(id -u) >request
                        archive=$(PREFIX/libexec/stunnel-keeper --archive)
                        judge() {
                            "$@" RUNTIME stunnel.runtime.Main <request >answers
                        }
                        # The eleventh field: the page faults of ended children.
                        read -ra before </proc/$$/stat
                        judge env
                        read -ra after </proc/$$/stat
                        echo $((after[10] - before[10]))
                        judge strace --follow-forks --trace=open,openat --successful-only --output=opened
                        grep -c ^answer=ok answers
                        sed -n 's|.*"PREFIX/\\([^"]*\\)".*|\\1|p' opened | sed 's|[^/]*\\.jsa$|the archive|; s|-[0-9.]*jar$|.jar|' | sort -u
                        rm -r "$PWD"
                        """.replace("RUNTIME", RUNTIME).replace("PREFIX", PREFIX))
                .stdout();

        List<String> lines = counted.lines().toList();
        assertThat(Integer.parseInt(lines.get(0))).isBetween(1_000, MOST_PAGE_FAULTS);
        assertThat(lines.get(1)).isEqualTo("1");
        // Of what is installed: a class that the archive has not comes from a jar.
        assertThat(lines.subList(2, lines.size()))
                .contains("lib/java/the archive", "lib/java/settings.image")
                .isSubsetOf(
                        "lib/java/the archive",
                        "lib/java/settings.image",
                        "lib/java/jvm.options",
                        "lib/java/stunnel-runtime.jar",
                        "lib/java/stunnel-parser.jar");
    }

    @Test
    void passesNoArchiveThatWasMadeOfOtherJars() {
        String jar = PREFIX + "/lib/java/stunnel-runtime.jar";
        String time = root.output("stat", "--format=%y", jar);
        try {
            root.output("touch", jar);
            assertThat(traceOfTunnel()).contains("stunnel-runtime.jar").doesNotContain("SharedArchiveFile");
        } finally {
            root.output("touch", "--date=" + time, jar);
        }
        assertThat(traceOfTunnel()).contains("SharedArchiveFile");
    }

    @Test
    void passesNoArchiveThatIsMissing() {
        String archive = archive();
        root.output("mv", archive, ASIDE);
        try {
            assertThat(traceOfTunnel()).doesNotContain("SharedArchiveFile");
        } finally {
            root.output("mv", ASIDE, archive);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "truncate --size=0",
                "truncate --size=1000000",
                "dd if=/dev/urandom bs=1M seek=1 count=8 conv=notrunc status=none of="
            })
    void opensTheTunnelDespiteADamagedArchive(String damage) {
        String archive = archive();
        root.output("cp", "-p", archive, ASIDE);
        try {
            root.type(damage + (damage.endsWith("=") ? "" : " ") + archive);
            assertThat(traceOfTunnel()).contains("SharedArchiveFile");
        } finally {
            root.output("mv", ASIDE, archive);
        }
    }

    /** Opens a tunnel, uses it, and ends it; what was executed. */
    private String traceOfTunnel() {
        try (RunningCommand step = alice.startTyped(TRACE + STEP)) {
            step.awaitStdout("serving");
            assertThat(alice.fetch(8001)).isEqualTo("hello from cn1:8000");
            alice.output("scancel", "--user=alice");
            return step.outcome().stderr();
        }
    }

    private String archive() {
        MatchResult found =
                ARCHIVE.matcher(traceOfTunnel()).results().findFirst().orElseThrow();
        return found.group(1);
    }

    private static List<String> programs(String trace) {
        return PROGRAM.matcher(trace).results().map(match -> match.group(1)).toList();
    }
}
