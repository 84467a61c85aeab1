package stunnel.runtime;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One message between keeper and runtime: fields in order, of which a key may come more than once.
 *
 * @param fields the first one names the message
 */
record Message(List<Field> fields) {
    /** The bound of a message on the wire, NULs included. */
    static final int MOST_BYTES = 1 << 20;

    /**
     * One field.
     *
     * @param key lower-case letters and dashes
     * @param value any text without NUL
     */
    record Field(String key, String value) {
        Field {
            if (!isKey(key) || value.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("not a field of a message: " + key);
            }
        }

        /** In bytes on the wire. */
        private int size() {
            return key.length() + 1 + value.getBytes(StandardCharsets.UTF_8).length + 1;
        }

        static boolean isKey(String text) {
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if ((c < 'a' || c > 'z') && c != '-') {
                    return false;
                }
            }
            return !text.isEmpty();
        }
    }

    Message {
        fields = List.copyOf(fields);
        if (fields.isEmpty()) {
            throw new IllegalArgumentException("a message has a field");
        }
        int size = 1;
        for (Field field : fields) {
            size += field.size();
        }
        if (size > MOST_BYTES) {
            throw new IllegalArgumentException("a message of " + size + " bytes, more than " + MOST_BYTES);
        }
    }

    /** A message of one field, to be added to with {@link #with}. */
    static Message of(String key, String value) {
        return new Message(List.of(new Field(key, value)));
    }

    Message with(String key, String value) {
        return withAll(key, List.of(value));
    }

    /** A field per value, all with this key. */
    Message withAll(String key, List<String> values) {
        List<Field> more = new ArrayList<>(fields);
        for (String value : values) {
            more.add(new Field(key, value));
        }
        return new Message(more);
    }

    List<String> all(String key) {
        List<String> values = new ArrayList<>();
        for (Field field : fields) {
            if (field.key().equals(key)) {
                values.add(field.value());
            }
        }
        return values;
    }

    /** The value of a field that may be missing and must not repeat. */
    Optional<String> optional(String key) throws MalformedMessageException {
        List<String> values = all(key);
        if (values.size() > 1) {
            throw new MalformedMessageException("field " + key + " repeats");
        }
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** The value of a field that must be there, once. */
    String required(String key) throws MalformedMessageException {
        Optional<String> value = optional(key);
        if (value.isEmpty()) {
            throw new MalformedMessageException("field " + key + " is missing");
        }
        return value.get();
    }
}
