package stunnel.cli;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import stunnel.diagnostic.Diagnostic;

/** The forms in which {@code stunnel validate} says what it found. */
enum Report {
    /** For people. */
    TEXT,
    /** For scripts: one object. */
    JSON,
    /** For services that show findings beside the code. */
    SARIF;

    static Optional<Report> of(String name) {
        for (Report report : values()) {
            if (report.text().equals(name)) {
                return Optional.of(report);
            }
        }
        return Optional.empty();
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    String of(List<Diagnostic> diagnostics) throws IOException {
        return switch (this) {
            case TEXT -> Terminal.OUTPUT.diagnosticText().of(diagnostics);
            case JSON ->
                Json.of(json -> {
                    json.writeStartObject();
                    json.writeFieldName("diagnostics");
                    DiagnosticJson.write(diagnostics, json);
                    json.writeEndObject();
                });
            case SARIF -> Json.of(json -> new Sarif(json).write(diagnostics));
        };
    }
}
