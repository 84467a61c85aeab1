package stunnel.runtime;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes messages off a stream: NUL-ended {@code key=value} fields, ended by an empty one. Nothing malformed passes. */
final class MessageReader {
    private static final int END_OF_STREAM = -1;

    private final InputStream stream;
    private int budget;

    /** Reads byte by byte: the stream should be buffered. */
    MessageReader(InputStream stream) {
        this.stream = stream;
    }

    /** Blocks for the next message; empty when the stream ends between two. */
    Optional<Message> read() throws IOException {
        budget = Message.MOST_BYTES;
        int first = next();
        if (first == END_OF_STREAM) {
            return Optional.empty();
        }
        List<Message.Field> fields = new ArrayList<>();
        String text = readText(first);
        while (!text.isEmpty()) {
            fields.add(field(text));
            text = readText(next());
        }
        if (fields.isEmpty()) {
            throw new MalformedMessageException("a message without a field");
        }
        return Optional.of(new Message(fields));
    }

    private int next() throws IOException {
        if (budget == 0) {
            throw new MalformedMessageException("a message of more than " + Message.MOST_BYTES + " bytes");
        }
        budget--;
        return stream.read();
    }

    private String readText(int first) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int b = first;
        while (b != '\0') {
            if (b == END_OF_STREAM) {
                throw new MalformedMessageException("the stream ends inside of a message");
            }
            bytes.write(b);
            b = next();
        }
        // A byte that is no UTF-8 becomes U+FFFD, which no grammar accepts.
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static Message.Field field(String text) throws MalformedMessageException {
        int equals = text.indexOf('=');
        if (equals < 0 || !Message.Field.isKey(text.substring(0, equals))) {
            throw new MalformedMessageException("a field that is not key=value");
        }
        return new Message.Field(text.substring(0, equals), text.substring(equals + 1));
    }
}
