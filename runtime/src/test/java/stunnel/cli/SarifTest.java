package stunnel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.Source;
import stunnel.lint.Linter;

class SarifTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void isWhatTheSchemaSays() throws IOException {
        for (List<Diagnostic> diagnostics : List.of(List.<Diagnostic>of(), found())) {
            assertThat(schema().validate(MAPPER.readTree(Report.SARIF.of(diagnostics))))
                    .isEmpty();
        }
        assertThat(schema().validate(MAPPER.readTree("{\"version\":\"2.1.0\"}")))
                .isNotEmpty();
    }

    @Test
    void pointsAtTheMistake() throws IOException {
        JsonNode run = MAPPER.readTree(Report.SARIF.of(found())).at("/runs/0");
        JsonNode result = run.at("/results/0");
        assertThat(result.get("ruleId").asText()).isEqualTo("unknown-keyword");
        assertThat(run.at("/tool/driver/rules/" + result.get("ruleIndex") + "/id")
                        .asText())
                .isEqualTo("unknown-keyword");
        JsonNode place = result.at("/locations/0/physicalLocation");
        assertThat(place.at("/artifactLocation/uri").asText()).isEqualTo("file:///etc/a%20b%C3%A9/%25/plugstack.conf");
        assertThat(place.get("region").toString()).isEqualTo("{\"startLine\":2,\"startColumn\":1,\"endColumn\":8}");
        assertThat(run.at("/results/2/locations/0/physicalLocation/artifactLocation/uri")
                        .asText())
                .isEqualTo("--tunnel");
    }

    private static List<Diagnostic> found() {
        Linter linter = new Linter(Path.of("/nonexistent"), Path.of("/nonexistent"), false);
        linter.text(new Source("/etc/a b\u00e9/%/plugstack.conf", "\nrequird /x.so\noptional /x.so\n"));
        linter.spec("");
        linter.spec("8001x,8002:");
        return linter.diagnostics();
    }

    private static JsonSchema schema() throws IOException {
        try (InputStream schema = Objects.requireNonNull(
                SarifTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json"), "the schema")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
        }
    }
}
