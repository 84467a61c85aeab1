package stunnel.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page below docs/ that is made from the code. */
record GeneratedPage(Path path) {
    static GeneratedPage of(String name) {
        return new GeneratedPage(Path.of("..", "docs", name));
    }

    /** The page is {@code text}; with UPDATE_GOLDEN=true it becomes that. */
    void expect(String text) throws IOException {
        String before = Files.exists(path) ? Files.readString(path) : "";
        if ("true".equals(System.getenv("UPDATE_GOLDEN")) && !before.equals(text)) {
            Files.writeString(path, text);
            fail("rewritten, look at it: " + path);
        }
        assertThat(text).as(path.toString()).isEqualTo(before);
    }

    /** Text without what Markdown would take for its own. */
    static String escaped(String text) {
        return text.replace("\\", "\\\\")
                .replace("|", "\\|")
                .replace("*", "\\*")
                .replace("<", "&lt;")
                .replace("_", "\\_");
    }
}
