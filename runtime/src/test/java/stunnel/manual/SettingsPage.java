package stunnel.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** stunnel.conf(5): the comments of the file that is installed. */
final class SettingsPage {
    private static final Path CONF = Path.of("..", "conf", "stunnel.conf");

    private final Roff page;
    private final List<String> comment = new ArrayList<>();

    SettingsPage(String origin) {
        this.page = new Roff("stunnel.conf", 5, origin);
    }

    String text() throws IOException {
        page.section("Name").line("stunnel.conf - settings of the stunnel plugin of Slurm");
        page.section("Description");
        for (String line : Files.readAllLines(CONF)) {
            if (line.startsWith("# ---- ")) {
                page.section(line.replaceAll("[#-]{2,}|^# ", "").strip());
            } else if (line.startsWith("# ")) {
                comment.add(line.substring(2));
            } else if (line.startsWith("#") && line.length() > 1) {
                page.item(line.substring(1), String.join(" ", comment));
                comment.clear();
            } else if (!comment.isEmpty()) {
                page.paragraph(String.join(" ", comment));
                comment.clear();
            }
        }
        page.section("See also").line("`stunnel`(1), `slurm-spank-stunnel`(8), `ssh_config`(5), `plugstack.conf`(5)");
        return page.toString();
    }
}
