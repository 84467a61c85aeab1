package stunnel.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.Position;

/** Diagnostics as an array of JSON objects; lines and columns count from 1. */
final class DiagnosticJson {
    private DiagnosticJson() {}

    static void write(List<Diagnostic> diagnostics, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (Diagnostic diagnostic : diagnostics) {
            write(diagnostic, json);
        }
        json.writeEndArray();
    }

    private static void write(Diagnostic diagnostic, JsonGenerator json) throws IOException {
        Position start = diagnostic.source().position(diagnostic.span().start());
        json.writeStartObject();
        json.writeStringField("id", diagnostic.id().text());
        json.writeStringField("severity", diagnostic.severity().text());
        json.writeStringField("file", diagnostic.source().name());
        json.writeNumberField("line", start.line());
        json.writeNumberField("column", start.column());
        json.writeNumberField("endColumn", endColumn(diagnostic));
        json.writeStringField("message", diagnostic.message());
        json.writeStringField("hint", diagnostic.hint());
        json.writeEndObject();
    }

    /** The column behind the diagnostic, or behind the line that it begins in. */
    static int endColumn(Diagnostic diagnostic) {
        int start = diagnostic.span().start();
        int end = Math.min(
                diagnostic.span().end(), diagnostic.source().lineAt(start).end());
        return diagnostic.source().position(start).column() + Math.max(0, end - start);
    }
}
