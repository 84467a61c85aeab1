package stunnel.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/settings.md is conf/stunnel.conf, which another test compares with the defaults. */
class SettingsPageTest {
    private static final Path CONF = Path.of("..", "conf", "stunnel.conf");
    private static final Pattern SETTING = Pattern.compile("#([a-z][\\w.-]*) = (.*)");
    private static final Pattern HEADING = Pattern.compile("# -+ (\\w+): (.*?) -+");

    @Test
    void showsTheShippedFile() throws IOException {
        StringBuilder page = new StringBuilder();
        page.append("# Settings\n\n")
                .append(
                        "This page is made from [conf/stunnel.conf](../conf/stunnel.conf); a test keeps it up to date.\n")
                .append("[For administrators](admin-guide.md) shows them in use.\n");
        List<String> text = new ArrayList<>();
        List<String> lines = Files.readAllLines(CONF);
        // The first paragraph tells how to read the file.
        for (String line : lines.subList(lines.indexOf("#"), lines.size())) {
            Matcher setting = SETTING.matcher(line);
            Matcher heading = HEADING.matcher(line);
            if (heading.matches()) {
                page.append("\n## ")
                        .append(heading.group(1))
                        .append(": ")
                        .append(heading.group(2))
                        .append('\n');
            } else if (setting.matches()) {
                page.append("\n### `").append(setting.group(1)).append("`\nDefault: `");
                page.append(setting.group(2)).append("`\n");
                paragraph(text, page);
            } else if (line.isEmpty() || line.equals("#")) {
                paragraph(text, page);
            } else {
                assertThat(line).startsWith("# ");
                text.add(line.substring(2));
            }
        }
        GeneratedPage.of("settings.md").expect(page.toString());
    }

    private static void paragraph(List<String> lines, StringBuilder page) {
        if (!lines.isEmpty()) {
            page.append('\n')
                    .append(GeneratedPage.escaped(String.join("\n", lines)))
                    .append('\n');
            lines.clear();
        }
    }
}
