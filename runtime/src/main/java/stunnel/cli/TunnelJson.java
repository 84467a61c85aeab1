package stunnel.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import stunnel.plan.Forward;
import stunnel.runtime.TunnelReport;

/**
 * The JSON of {@code stunnel list}: every key is always there, with null for what is not known.
 *
 * @param loginHost the setting of that name
 */
record TunnelJson(Optional<String> loginHost) {

    String of(List<TunnelReport> reports) throws IOException {
        return Json.of(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("tunnels");
            for (TunnelReport report : reports) {
                write(report, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private void write(TunnelReport report, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("state", report.status().name().toLowerCase(Locale.ROOT));
        json.writeStringField("directory", report.directory());
        json.writeNumberField("uid", Integer.toUnsignedLong(report.uid()));
        if (report.details().isPresent()) {
            write(report.details().get(), json);
        } else {
            for (String key :
                    List.of("job", "step", "since", "reason", "reconnects", "keeper", "from", "to", "forwards")) {
                json.writeNullField(key);
            }
        }
        Optional<String> laptop = report.laptopLine(loginHost);
        if (laptop.isPresent()) {
            json.writeStringField("laptop", laptop.get());
        } else {
            json.writeNullField("laptop");
        }
        json.writeEndObject();
    }

    private static void write(TunnelReport.Details details, JsonGenerator json) throws IOException {
        json.writeStringField("job", details.job());
        json.writeStringField("step", details.step());
        json.writeStringField("since", details.since().toString());
        if (details.obstacle().isPresent()) {
            json.writeStringField("reason", details.obstacle().get());
        } else {
            json.writeNullField("reason");
        }
        json.writeNumberField("reconnects", details.reconnects());
        json.writeNumberField("keeper", details.keeper());
        json.writeStringField("from", details.routes().opener());
        json.writeStringField("to", details.routes().target());
        json.writeArrayFieldStart("forwards");
        for (Forward forward : details.routes().plan().forwards()) {
            ForwardJson.write(forward, json);
        }
        json.writeEndArray();
    }
}
