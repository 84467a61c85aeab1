package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A Jupyter notebook on a compute node, used with a browser on the submit host; {@code ./dev demo --notebook} runs it. */
@TestbedTest
class NotebookIT {
    private static final String SRUN = "srun -w cn1 --tunnel nb=auto:8888 jupyter notebook --no-browser --port=8888";
    private static final Pattern ANNOUNCED = Pattern.compile(".*tunnel up: login:(\\d+) -> cn1:8888.*");
    private static final Pattern TOKEN = Pattern.compile("http://localhost:8888/(\\?token=\\w+)");
    private static final String CELL = """
            import os, socket
            listener = os.environ["STUNNEL_NB_HOST"] + ":" + os.environ["STUNNEL_NB_LISTEN"]
            print("this runs on " + socket.gethostname() + ", and you reach it by " + listener)""";

    private final Testbed testbed = Testbed.shared();
    private final Account alice = testbed.alice();

    @Test
    void runsACellThroughTheTunnel() {
        Path picture = testbed.checkout().resolve("testbed/target/notebook.png");
        say("alice@login$ " + SRUN);
        try (RunningCommand step = alice.startTyped(SRUN)) {
            step.awaitStderr("?token=");
            Matcher announced = find(ANNOUNCED, step.stderr());
            String port = announced.group(1);
            String url = "http://127.0.0.1:" + port + "/"
                    + find(TOKEN, step.stderr()).group(1);
            say(announced.group());
            try (Browser browser = Browser.open(alice)) {
                say("chromium on login: " + url);
                browser.visit(url);
                browser.await("#kernel-python3");
                browser.click("#new-dropdown-button");
                browser.click("#kernel-python3 a");
                browser.enterNewWindow();
                browser.await(".kernel_idle_icon");
                browser.click(".CodeMirror");
                browser.type(CELL);
                browser.pressShiftEnter();
                say("typed into a cell, and run with Shift+Enter:", CELL);

                try {
                    String result = browser.text(".output_stdout");
                    say("the notebook answers:", result);
                    assertThat(result).isEqualTo("this runs on cn1, and you reach it by login:" + port);
                } finally {
                    browser.photograph(picture);
                    say("what the browser shows: " + picture);
                }
            }
        }
        testbed.awaitEndOfTunnel("login", 8888);
    }

    private static Matcher find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).as("%s in: %s", pattern, text).isTrue();
        return matcher;
    }

    private static void say(String what, String... lines) {
        System.out.println("   " + what);
        for (String line : lines) {
            System.out.println(line.indent(6).stripTrailing());
        }
    }
}
