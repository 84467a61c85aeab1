package stunnel.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.DiagnosticPage;
import stunnel.diagnostic.Position;

/** SARIF 2.1.0, the OASIS format for findings. */
final class Sarif {
    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";

    private final JsonGenerator json;

    Sarif(JsonGenerator json) {
        this.json = json;
    }

    void write(List<Diagnostic> diagnostics) throws IOException {
        List<DiagnosticId> rules = rules(diagnostics);
        json.writeStartObject();
        json.writeStringField("$schema", SCHEMA);
        json.writeStringField("version", "2.1.0");
        json.writeArrayFieldStart("runs");
        json.writeStartObject();
        json.writeStringField("columnKind", "utf16CodeUnits");
        tool(rules);
        json.writeArrayFieldStart("results");
        for (Diagnostic diagnostic : diagnostics) {
            result(diagnostic, rules.indexOf(diagnostic.id()));
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private static List<DiagnosticId> rules(List<Diagnostic> diagnostics) {
        List<DiagnosticId> rules = new ArrayList<>();
        for (Diagnostic diagnostic : diagnostics) {
            if (!rules.contains(diagnostic.id())) {
                rules.add(diagnostic.id());
            }
        }
        return rules;
    }

    private void tool(List<DiagnosticId> rules) throws IOException {
        json.writeObjectFieldStart("tool");
        json.writeObjectFieldStart("driver");
        json.writeStringField("name", "stunnel validate");
        json.writeArrayFieldStart("rules");
        for (DiagnosticId id : rules) {
            json.writeStartObject();
            json.writeStringField("id", id.text());
            text("fullDescription", DiagnosticPage.of(id).reason());
            json.writeObjectFieldStart("defaultConfiguration");
            json.writeStringField("level", id.severity().text());
            json.writeEndObject();
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
    }

    private void result(Diagnostic diagnostic, int rule) throws IOException {
        json.writeStartObject();
        json.writeStringField("ruleId", diagnostic.id().text());
        json.writeNumberField("ruleIndex", rule);
        json.writeStringField("level", diagnostic.severity().text());
        text("message", diagnostic.message() + "; " + diagnostic.hint());
        json.writeArrayFieldStart("locations");
        json.writeStartObject();
        location(diagnostic);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private void location(Diagnostic diagnostic) throws IOException {
        Position start = diagnostic.source().position(diagnostic.span().start());
        json.writeObjectFieldStart("physicalLocation");
        json.writeObjectFieldStart("artifactLocation");
        json.writeStringField("uri", uri(diagnostic.source().name()));
        json.writeEndObject();
        json.writeObjectFieldStart("region");
        json.writeNumberField("startLine", start.line());
        json.writeNumberField("startColumn", start.column());
        json.writeNumberField("endColumn", DiagnosticJson.endColumn(diagnostic));
        json.writeEndObject();
        json.writeEndObject();
    }

    private void text(String name, String text) throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("text", text);
        json.writeEndObject();
    }

    /** A path as a reference: an absolute one with its scheme, any other as it is, characters escaped. */
    private static String uri(String name) throws IOException {
        try {
            return name.startsWith("/")
                    ? new URI("file", "", name, null).toASCIIString()
                    : new URI(null, null, "./" + name, null).normalize().toASCIIString();
        } catch (URISyntaxException e) {
            throw new IOException(name, e);
        }
    }
}
