package stunnel.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import stunnel.plan.Destination;
import stunnel.plan.Forward;
import stunnel.plan.Listener;

/** One forward in JSON, with every key. */
final class ForwardJson {
    private ForwardJson() {}

    static void write(Forward forward, JsonGenerator json) throws IOException {
        json.writeStartObject();
        if (forward.name().isPresent()) {
            json.writeStringField("name", forward.name().get());
        } else {
            json.writeNullField("name");
        }
        json.writeStringField("direction", String.valueOf(forward.direction().letter()));
        listener(forward.listener(), json);
        destination(forward.destination(), json);
        json.writeEndObject();
    }

    private static void listener(Listener listener, JsonGenerator json) throws IOException {
        if (listener instanceof Listener.Tcp tcp) {
            json.writeStringField("bind", tcp.bind().name());
            json.writeNumberField("listen", tcp.port());
        } else if (listener instanceof Listener.Auto auto) {
            json.writeStringField("bind", auto.bind().name());
            json.writeStringField("listen", "auto");
        } else if (listener instanceof Listener.UnixSocket socket) {
            json.writeNullField("bind");
            json.writeStringField("listen", socket.path());
        }
    }

    private static void destination(Destination destination, JsonGenerator json) throws IOException {
        if (destination instanceof Destination.Tcp tcp) {
            json.writeStringField("host", tcp.host().name());
            json.writeNumberField("port", tcp.port());
        } else if (destination instanceof Destination.UnixSocket socket) {
            json.writeNullField("host");
            json.writeStringField("port", socket.path());
        } else {
            json.writeNullField("host");
            json.writeNullField("port");
        }
    }
}
