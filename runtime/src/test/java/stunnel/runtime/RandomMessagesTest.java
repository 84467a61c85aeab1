package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes that no keeper sends: each is a message that says the same when it is written again, or is refused. */
class RandomMessagesTest {
    private static final long SEED = 4711;
    private static final int INPUTS = 20_000;

    private static final List<String> PIECES = List.of(
            "request=open\0",
            "request=check\0",
            "origin=sbatch\0",
            "context=remote\0",
            "spec=8001:8000\0",
            "option=ssh_cmd=ssh\0",
            "prefix=/opt\0",
            "uid=1001\0",
            "uid=-1\0",
            "uid=99999999999\0",
            "job=7\0",
            "host=cn1\0",
            "target=-oProxyCommand=x\0",
            "nodes=cn[1-2]\0",
            "nodes=cn[]]\0",
            "=\0",
            "x=\0",
            "\0",
            "=",
            "\u00e9",
            "spec=\u00ff\0",
            "spec=a=b\0",
            "KEY=1\0");

    @Test
    void areReadAsTheyWereWrittenOrRefused() throws IOException {
        Random random = new Random(SEED);
        int requests = 0;
        int refused = 0;
        for (int i = 0; i < INPUTS; i++) {
            byte[] bytes = input(random);
            try {
                Optional<Message> message = new MessageReader(new ByteArrayInputStream(bytes)).read();
                if (message.isPresent()) {
                    assertThat(again(message.get()))
                            .as("input %d of seed %d", i, SEED)
                            .isEqualTo(message.get());
                    Request.of(message.get());
                    requests++;
                }
            } catch (MalformedMessageException e) {
                assertThat(e.getMessage()).isNotBlank();
                refused++;
            }
        }
        assertThat(requests).as("not all of them are garbage").isPositive();
        assertThat(refused).isGreaterThan(INPUTS / 2);
    }

    private static Message again(Message message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new MessageWriter(bytes).write(message);
        return new MessageReader(new ByteArrayInputStream(bytes.toByteArray()))
                .read()
                .orElseThrow();
    }

    /** Now and then a whole request, with a byte changed; else pieces in any order. */
    private static byte[] input(Random random) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(4) == 0) {
            for (int piece : new int[] {0, 2, 3, 4, 6, 7, 10, 11, 13}) {
                text.append(PIECES.get(piece));
            }
        } else {
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
        }
        byte[] bytes = text.append('\0').toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }
}
