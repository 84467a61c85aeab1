package stunnel.grammar.diagram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiagramsTest {
    private static final Path GRAMMARS = Path.of("src/main/antlr4/stunnel/grammar");
    private static final Path PICTURES = Path.of("..", "docs", "grammar");

    @ParameterizedTest
    @ValueSource(strings = {"TunnelSpec", "PluginArgs", "Plugstack"})
    void theDocumentationShowsTheGrammarAsItIs(String name) throws Exception {
        String drawn = Picture.of(Files.readString(GRAMMARS.resolve(name + ".g4")));
        Path picture = PICTURES.resolve(name + ".svg");
        String before = Files.exists(picture) ? Files.readString(picture) : "";
        if ("true".equals(System.getenv("UPDATE_GOLDEN")) && !before.equals(drawn)) {
            Files.writeString(picture, drawn);
            fail("rewritten, look at it: " + picture);
        }
        assertThat(drawn).as(picture.toString()).isEqualTo(before);
    }
}
