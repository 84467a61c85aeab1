package stunnel.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the documentation links to inside of the project is there. */
class LinksTest {
    private static final Path ROOT = Path.of("..");

    @Test
    void leadToSomething() throws IOException {
        assertThat(Page.files()).isNotEmpty();
        assertThat(Links.broken(Page.files(), ROOT, ROOT)).isEmpty();
    }

    @Test
    void leadToEachDecision() throws IOException {
        String index = Files.readString(ROOT.resolve("docs/developing.md"));
        assertThat(Page.files())
                .filteredOn(page -> page.startsWith(ROOT.resolve("docs/adr")))
                .isNotEmpty()
                .allSatisfy(page -> assertThat(index).contains("(adr/" + page.getFileName() + ")"));
    }
}
