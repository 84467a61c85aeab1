package stunnel.lint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GlobTest {
    @TempDir
    private Path folder;

    @Test
    void matchesAsGlobDoes() {
        for (String pattern :
                List.of("a.conf", "*", "*.conf", "a*", "?.conf", "[a-c].conf", "[!b].conf", "**.c*f", "[^b]*")) {
            assertThat(Glob.matches(pattern, "a.conf")).as(pattern).isTrue();
        }
        for (String pattern : List.of("a", "", "*.con", "b*", "??.conf", "[b-d].conf", "[!a].conf", "[a.conf", "*a")) {
            assertThat(Glob.matches(pattern, "a.conf")).as(pattern).isFalse();
        }
        assertThat(Glob.matches("[a", "[a")).isTrue();
        assertThat(Glob.matches("[]a]", "]")).isTrue();
        assertThat(Glob.matches("*a".repeat(2_000) + "b", "a".repeat(4_000))).isFalse();
    }

    @Test
    void expandsInOrderAndHidesDotFiles() throws IOException {
        for (String name : List.of("b/2.conf", "b/1.conf", "a/9.conf", "b/.x.conf", "b/1.conf~", "c")) {
            Files.createDirectories(folder.resolve(name).getParent());
            Files.writeString(folder.resolve(name), "");
        }
        assertThat(names("*/*.conf")).containsExactly("a/9.conf", "b/1.conf", "b/2.conf");
        assertThat(names("b/.*.conf")).containsExactly("b/.x.conf");
        assertThat(names("./b//1.conf")).containsExactly("b/1.conf");
        assertThat(names("none/*")).isEmpty();
        assertThat(names("d*")).isEmpty();
    }

    private List<String> names(String pattern) {
        return Glob.expand(folder, pattern).stream()
                .map(path -> folder.relativize(path.normalize()).toString())
                .toList();
    }
}
