package stunnel.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortSetTest {

    @Test
    void holdsPortsAndRanges() {
        PortSet ports = ports("9000-9002", "80", "9001-9004");
        assertThat(ports.toArray()).containsExactly(80, 9000, 9001, 9002, 9003, 9004);
        assertThat(ports.text()).isEqualTo("80, 9000-9004");
        assertThat(ports.contains(9004)).isTrue();
        assertThat(ports.contains(9005)).isFalse();
    }

    @Test
    void endsWithTheLastPort() {
        assertThat(PortSet.ALL.toArray()).hasSize(65_535).startsWith(1).endsWith(65_535);
        assertThat(ports("1-65535")).isEqualTo(PortSet.ALL);
    }

    @Test
    void knowsWhatTwoSetsHaveInCommon() {
        assertThat(ports("1-100", "200").and(ports("90-250"))).isEqualTo(ports("90-100", "200"));
        assertThat(ports("1-100").and(ports("200"))).matches(PortSet::isEmpty);
        assertThat(ports("1-100").containsAll(ports("3", "7-9"))).isTrue();
        assertThat(ports("1-100").containsAll(ports("99-101"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65536", "100000", "80-", "-80", "90-80", "1-2-3", "80 ", "http", "+80", "٨٠"})
    void refusesOtherWords(String word) {
        assertThat(PortSet.of(List.of("80", word))).isEmpty();
    }

    private static PortSet ports(String... words) {
        return PortSet.of(List.of(words)).orElseThrow();
    }
}
