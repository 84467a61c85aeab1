package stunnel.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogueTest {

    @Test
    void wordsEveryDiagnosticAndNothingElse() throws IOException {
        Set<String> expected = new HashSet<>();
        for (DiagnosticId id : DiagnosticId.values()) {
            expected.add(id.text() + ".message");
            expected.add(id.text() + ".hint");
            expected.add(id.text() + ".reason");
        }
        assertThat(catalogue().stringPropertyNames()).isEqualTo(expected);
    }

    @Test
    void messagesAreOneLineWithoutAFullStopAndReasonsAreSentences() throws IOException {
        for (String text : catalogue().stringPropertyNames()) {
            assertThat(catalogue().getProperty(text)).as(text).isNotBlank().doesNotContain("\n");
            assertThat(catalogue().getProperty(text).endsWith(".")).as(text).isEqualTo(text.endsWith(".reason"));
        }
    }

    @Test
    void fillsArgumentsAndLeavesOtherBracesAlone() {
        assertThat(DiagnosticId.CONF_SYNTAX.message(List.of("a { b }"))).isEqualTo("a { b }");
        assertThat(DiagnosticId.CONF_SYNTAX.hint(List.of("x"))).contains("NAME { ... }");
        assertThat(DiagnosticId.UNKNOWN_OPTION.message(List.of("{1}", "x"))).isEqualTo("the plugin has no option {1}");
    }

    @Test
    void shortensLongArgumentsAndDefusesControlCharacters() {
        String message = DiagnosticId.NOT_A_PORT.message(List.of("\u001b[31m" + "x".repeat(500)));
        assertThat(message)
                .startsWith("\uFFFD[31mxxx")
                .endsWith("... is not a port")
                .hasSizeLessThan(140);
    }

    private static Properties catalogue() throws IOException {
        Properties catalogue = new Properties();
        try (InputStream bytes = Catalogue.class.getResourceAsStream("catalogue.properties")) {
            catalogue.load(bytes);
        }
        return catalogue;
    }
}
