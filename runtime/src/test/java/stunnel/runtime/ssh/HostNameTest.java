package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"cn1", "login_node.example.org", "10.0.0.1", "a-b"})
    void takesNamesOfHosts(String name) {
        assertThat(HostName.isSafe(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-oProxyCommand=id",
                "-v",
                ".",
                "..",
                ".ssh",
                "a b",
                "a;b",
                "a\nb",
                "$(id)",
                "`id`",
                "a'b",
                "user@host",
                "%h",
                "a/b",
                "é",
                "a\u0000"
            })
    void takesNothingThatMeansSomethingToAProgram(String name) {
        assertThat(HostName.isSafe(name)).isFalse();
    }

    @Test
    void hasABound() {
        assertThat(HostName.isSafe("a".repeat(255))).isTrue();
        assertThat(HostName.isSafe("a".repeat(256))).isFalse();
    }
}
