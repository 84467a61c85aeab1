package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathTokensTest {
    @ParameterizedTest
    @CsvSource({"/tmp,/tmp", "/run/user/%u,/run/user/1001", "/%h/%j-%u,/cn1/812-1001", "/%%u/100%%,/%u/100%", "/a%,/a%"
    })
    void standForTheFactsOfTheJob(String path, String expanded) {
        assertThat(new PathTokens(1001, "812", "cn1").expand(path)).isEqualTo(expanded);
    }

    @ParameterizedTest
    @CsvSource({"/%h/%j,/%j/%u", "/%j%h,/%u%j"})
    void areReplacedOnce(String path, String expanded) {
        assertThat(new PathTokens(1001, "%u", "%j").expand(path)).isEqualTo(expanded);
    }
}
