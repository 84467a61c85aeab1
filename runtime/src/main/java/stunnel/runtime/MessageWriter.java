package stunnel.runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Puts messages on a stream, each in one write. */
final class MessageWriter {
    private final OutputStream stream;

    MessageWriter(OutputStream stream) {
        this.stream = stream;
    }

    void write(Message message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Message.Field field : message.fields()) {
            bytes.writeBytes(field.key().getBytes(StandardCharsets.UTF_8));
            bytes.write('=');
            bytes.writeBytes(field.value().getBytes(StandardCharsets.UTF_8));
            bytes.write('\0');
        }
        bytes.write('\0');
        stream.write(bytes.toByteArray());
        stream.flush();
    }
}
