package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    @Test
    void isFieldsThatEndInNulAndALoneNul() throws IOException {
        Message message = Message.of("answer", "opening").with("dir", "/tmp/d").withAll("stop", List.of("ssh", "x"));
        assertThat(written(message)).isEqualTo("answer=opening\0dir=/tmp/d\0stop=ssh\0stop=x\0\0");
        assertThat(reader(written(message)).read()).contains(message);
    }

    @Test
    void keepsWhateverAValueHolds() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 1000; i++) {
            Message message = Message.of("spec", anyText(random)).with("spec", anyText(random));
            assertThat(reader(written(message)).read()).as("seed %d", seed).contains(message);
        }
    }

    @Test
    void comesOneAfterTheOther() throws IOException {
        MessageReader reader = reader("request=check\0\0request=open\0\0");
        assertThat(reader.read()).contains(Message.of("request", "check"));
        assertThat(reader.read()).contains(Message.of("request", "open"));
        assertThat(reader.read()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\0", "request\0\0", "=x\0\0", "Request=x\0\0", "re quest=x\0\0", "request=x", "request=x\0"})
    void isNothingElse(String bytes) {
        assertThatThrownBy(() -> reader(bytes).read()).isInstanceOf(MalformedMessageException.class);
    }

    @Test
    void hasABound() throws IOException {
        String largest = "k=" + "v".repeat(Message.MOST_BYTES - 4) + "\0\0";
        assertThat(reader(largest).read()).isPresent();
        assertThatThrownBy(() -> reader("k" + largest).read()).hasMessageContaining("more than 1048576 bytes");
        assertThatThrownBy(() -> Message.of("k", "é".repeat(Message.MOST_BYTES / 2)))
                .hasMessage("a message of 1048580 bytes, more than 1048576");
    }

    @Test
    void replacesBytesThatAreNoUtf8() throws IOException {
        byte[] bytes = "k=8001x\0\0".getBytes(StandardCharsets.ISO_8859_1);
        bytes[6] = (byte) 0xff;
        assertThat(new MessageReader(new ByteArrayInputStream(bytes)).read()).contains(Message.of("k", "8001\ufffd"));
    }

    @Test
    void tellsMissingAndRepeatedFields() throws IOException {
        Message message = Message.of("a", "1").with("b", "2").with("b", "3");
        assertThat(message.required("a")).isEqualTo("1");
        assertThat(message.optional("c")).isEqualTo(Optional.empty());
        assertThat(message.all("b")).containsExactly("2", "3");
        assertThatThrownBy(() -> message.required("c")).hasMessage("field c is missing");
        assertThatThrownBy(() -> message.required("b")).hasMessage("field b repeats");
    }

    private static String anyText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            text.appendCodePoint(1 + random.nextInt(0xd000));
        }
        return text.toString();
    }

    private static MessageReader reader(String bytes) {
        return new MessageReader(new ByteArrayInputStream(bytes.getBytes(StandardCharsets.UTF_8)));
    }

    private static String written(Message message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new MessageWriter(bytes).write(message);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
