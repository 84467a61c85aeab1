package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How pages of the documentation are read, and that each of their blocks says how it is tested. */
class DocumentationTest {
    private static final List<String> TABLE = List.of("JOB    AGE    REACHES", "812.0  2m13s  login:23817", "…", "end");
    private static final Pattern CELL_END = Pattern.compile("(?<!\\\\)\\|");

    @Test
    void everyBlockSaysHowItIsTested() {
        assertThat(Page.files()).hasSizeGreaterThan(10);
        assertThat(Page.files().stream().flatMap(file -> Page.read(file).complaints().stream()))
                .isEmpty();
    }

    /** Cells that are another table's would not be missed otherwise. */
    @Test
    void everyTableHasRowsAsLongAsItsHeading() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : Page.files()) {
            int columns = 0;
            for (String line : Files.readAllLines(page)) {
                int cells = line.startsWith("|") ? CELL_END.split(line, -1).length : 0;
                columns = columns == 0 || cells == 0 ? cells : columns;
                if (cells != columns) {
                    broken.add(page.getFileName() + ": " + line);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```\nsrun true\n```",
                "```bash\nsrun true\n```",
                "```text\n$ srun true\n```",
                "```text\n[alice@login]$ srun true\n```",
                "```console\n$ srun true\n```",
                "text\n\n    srun true",
                "<!-- run by NobodyIT -->",
                "<!-- skipped -->",
                "<!-- not run: -->\n```sh\nsrun true\n```"
            })
    void complainsOfWhatNobodyRuns(String text) {
        assertThat(Page.of("page.md", "# Title\n" + text).complaints()).isNotEmpty();
    }

    @Test
    void readsWhatAReaderDoes() {
        Page page = Page.of("page.md", """
                # Title
                <!-- not run: it takes a day -->
                ```sh
                make
                ```
                ## Recipe
                <!-- exit 1 -->
                ```console
                [alice@login]$ srun \\
                > --tunnel 8001:8000 true
                shown
                ```
                """);

        assertThat(page.complaints()).isEmpty();
        assertThat(page.sections())
                .containsExactly(List.of(new Step.Session(
                        "page.md:8",
                        List.of(new Step.Command(
                                "alice",
                                "login",
                                "$",
                                List.of("srun \\", "--tunnel 8001:8000 true"),
                                List.of("shown"))),
                        1)));
    }

    @Test
    void comparesAllButWhatDiffersEachTime() {
        Shown shown = new Shown();

        assertThat(shown.matches(TABLE, "JOB  AGE  REACHES\n7.0  3s   login:20001\nmore\nend\n"))
                .isTrue();
        assertThat(shown.typed("scancel 812 23817 80")).isEqualTo("scancel 7 20001 80");
        assertThat(shown.onThePage("7.0 on 20001 of 20002")).isEqualTo("812.0 on 23817 of 20002");
        assertThat(shown.matches(TABLE, "JOB  AGE  REACHES\n8.0  3s   login:20001\nend\n"))
                .as("another job")
                .isFalse();
        assertThat(shown.matches(TABLE, "JOB  AGE  REACHES\n7.0  3s   login:20002\nend\n"))
                .as("another port")
                .isFalse();
        assertThat(shown.matches(TABLE, "JOB  AGE  REACHES\n7.0  3s   login:20001\nthe end\n"))
                .isFalse();
        assertThat(shown.begins(TABLE, "JOB  AGE  REACHES\n7.0  3s   login:20001\nend\nmore\n"))
                .isTrue();
    }
}
