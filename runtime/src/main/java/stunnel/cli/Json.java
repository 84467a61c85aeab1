package stunnel.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;

/** One JSON document in one line. */
final class Json {
    private static final JsonFactory FACTORY = new JsonFactory();

    private Json() {}

    /** Writes a document. */
    interface Document {
        /** To a generator that has nothing yet. */
        void write(JsonGenerator json) throws IOException;
    }

    static String of(Document document) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            document.write(json);
        }
        return text.append('\n').toString();
    }
}
