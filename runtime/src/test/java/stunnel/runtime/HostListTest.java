package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostListTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "cn1 cn1",
                "cn1,cn2 cn1",
                "cn[1-3] cn1",
                "cn[01-10,12],x cn01",
                "cn[7,9] cn7",
                "cn[12] cn12",
                "rack[1-2]n[1-4] rack1n1",
                "gpu[003-004]-ib.example.org gpu003-ib.example.org",
                "[10-12] 10",
            })
    void takesTheFirstHost(String expression, String first) {
        assertThat(HostList.first(expression)).contains(first);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",cn1", "cn[", "cn[]", "cn[a-b]", "cn[-2]", "cn1]", "cn[1", "cn[1x-2]"})
    void takesNothingOutOfADamagedExpression(String expression) {
        assertThat(HostList.first(expression)).isEmpty();
    }
}
