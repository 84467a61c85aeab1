package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before anything is made or run, and how the keeper learns of it. */
class RefusalIT {
    @TempDir
    private Path directory;

    private Installation installation;
    private String settings = "";
    private final List<String> options = new ArrayList<>();

    @BeforeEach
    void install() throws Exception {
        installation = Installation.fresh();
    }

    @Test
    void refusesToConnectToWhatIsNoHostName() throws Exception {
        Message request = Message.of("request", "open")
                .with("origin", "sbatch")
                .with("context", "remote")
                .with("spec", "R8001:8000")
                .with("prefix", Installation.PREFIX.toString())
                .with("uid", Long.toString(Requests.uid()))
                .with("job", "812")
                .with("target", "-oProxyCommand=touch${IFS}" + directory.resolve("owned"))
                .with("host", "cn1");
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message answer = keeper.ask(request);
            assertThat(answer.required("answer")).isEqualTo("failed");
            assertThat(answer.required("text"))
                    .contains("the name of the host to connect to is not the name of a host");
        }
        assertThat(directory.resolve("owned")).doesNotExist();
    }

    @Test
    void refusesControlDirectoriesBehindALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        settings = "control.dir = \"" + link + "\"\n";
        assertThat(refusal("8001:8000")).contains(link + " is a symbolic link, and none is followed");
    }

    @Test
    void refusesControlDirectoriesWithALongPath() throws Exception {
        String host = "h".repeat(60);
        Path deep = Files.createDirectory(directory.resolve(host));
        settings = "control.dir = \"" + directory + "/%h\"\n";
        int length = (deep + "/stunnel-" + Requests.uid() + "-0123456789/ctl").getBytes(StandardCharsets.UTF_8).length;
        Message request = new Message(request("8001:8000").fields().stream()
                .map(field -> field.key().equals("host") ? new Message.Field("host", host) : field)
                .toList());
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            assertThat(text(keeper.ask(request)))
                    .contains(" has " + length + " bytes, more than the 90 that ssh can use");
        }
        assertThat(deep).isEmptyDirectory();
    }

    @Test
    void tellsTheKeeperWhatTheSettingsWant() throws Exception {
        options.add("ssh_cmd=/nonexistent/ssh");
        settings += "start = warn\n";
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            keeper.ask(request("8001:8000"));
            assertThat(keeper.answer().required("policy")).isEqualTo("warn");
        }
    }

    @Test
    void usesNoSettingsThatOthersCanWrite() throws Exception {
        settings += "start = warn\n";
        Message request = request("8001:8000");
        Files.setAttribute(directory.resolve("stunnel.conf"), "unix:mode", 0666);
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            Message answer = keeper.ask(request);
            assertThat(answer.required("answer")).isEqualTo("refused");
            assertThat(answer.required("policy")).isEqualTo("require");
            assertThat(answer.required("text"))
                    .startsWith("error: the settings in " + directory.resolve("stunnel.conf") + " are not used: ");
        }
    }

    @Test
    void answersGarbageAndEnds() throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            keeper.say("request=open\0spec\0\0".getBytes(StandardCharsets.UTF_8));
            assertThat(keeper.answer().required("answer")).isEqualTo("failed");
            assertThat(keeper.end()).isEqualTo(1);
        }
    }

    @Test
    void saysInOneLineThatItsInstallationIsBroken() throws Exception {
        List<String> argv = installation.runtime("-Djna.boot.library.path=/nonexistent");
        try (KeeperSide keeper = KeeperSide.start(argv)) {
            Message answer = keeper.ask(request("8001:8000"));
            assertThat(answer.required("answer")).isEqualTo("failed");
            assertThat(answer.required("text"))
                    .contains("the native library is not usable")
                    .doesNotContain("\tat ");
        }
    }

    private Message request(String spec) throws Exception {
        List<String> all = new ArrayList<>(options);
        all.add("conf=" + Files.writeString(directory.resolve("stunnel.conf"), settings));
        return Requests.open(spec, all.toArray(String[]::new));
    }

    private String refusal(String spec) throws Exception {
        try (KeeperSide keeper = KeeperSide.start(installation.runtime())) {
            return text(keeper.ask(request(spec)));
        }
    }

    private static String text(Message failed) throws Exception {
        assertThat(failed.required("answer")).isEqualTo("failed");
        return failed.required("text");
    }
}
