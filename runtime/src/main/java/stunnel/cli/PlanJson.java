package stunnel.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import stunnel.plan.Forward;
import stunnel.runtime.ssh.SshCommands;

/** The JSON of {@code stunnel plan}, one line; every key is always there, with null for what does not exist. */
final class PlanJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator json;

    private PlanJson(JsonGenerator json) {
        this.json = json;
    }

    static String of(Planned planned) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            PlanJson writer = new PlanJson(json);
            json.writeStartObject();
            if (planned.tunnel().isPresent()) {
                writer.tunnel(planned.tunnel().get());
            } else {
                json.writeFieldName("error");
                DiagnosticJson.write(planned.diagnostics(), json);
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    private void tunnel(Planned.Tunnel tunnel) throws IOException {
        json.writeArrayFieldStart("forwards");
        for (Forward forward : tunnel.routes().plan().forwards()) {
            ForwardJson.write(forward, json);
        }
        json.writeEndArray();
        SshCommands commands = tunnel.commands();
        json.writeObjectFieldStart("ssh");
        strings("start", commands.start());
        strings("forward", commands.forward(tunnel.routes().plan().forwards()));
        strings("check", commands.check());
        strings("stop", commands.stop());
        json.writeEndObject();
        json.writeStringField("context", tunnel.context());
        string("target", tunnel.target());
    }

    private void strings(String name, List<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private void string(String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(name, value.get());
        } else {
            json.writeNullField(name);
        }
    }
}
