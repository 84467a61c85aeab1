package stunnel.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import stunnel.doctor.Check;

/** The JSON of {@code stunnel doctor}: every key is always there, with null for what there is not. */
final class CheckJson {
    private CheckJson() {}

    static String of(List<Check> checks) throws IOException {
        return Json.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("checks");
            for (Check check : checks) {
                json.writeStartObject();
                json.writeStringField("name", check.name());
                json.writeStringField("state", check.state().text());
                json.writeStringField("detail", check.detail());
                write("next", check.next(), json);
                json.writeEndObject();
            }
            json.writeEndArray();
            write("wrong", DoctorCommand.firstWrong(checks).map(Check::name), json);
            json.writeEndObject();
        });
    }

    private static void write(String key, Optional<String> value, JsonGenerator json) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(key, value.get());
        } else {
            json.writeNullField(key);
        }
    }
}
