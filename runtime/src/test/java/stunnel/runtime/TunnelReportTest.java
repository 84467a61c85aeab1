package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Of a state that a keeper wrote, or somebody who is none: root looks at all of them. */
class TunnelReportTest {
    @Test
    void hasTheReasonThatKeepsATunnelFromComingBack() throws Exception {
        String words = "x".repeat(4000) + "\nbind [127.0.0.1]:8001: Address already in use";
        assertThat(TunnelReport.details(state("8001:8000", words)).obstacle())
                .contains("port 8001 of login is in use, it seems by another program");
        assertThat(TunnelReport.details(state("8001:8000", "")).obstacle()).isEmpty();
    }

    /** Each line would be compared with each of a thousand forwards. */
    @Test
    void hasNoReasonThatIsLongerThanAKeepersWords() {
        Message state = state("R8001-9000:8001-9000", "x\n".repeat(400_000));
        assertThatThrownBy(() -> TunnelReport.details(state)).isInstanceOf(MalformedMessageException.class);
    }

    private static Message state(String plan, String words) {
        return Requests.open(plan)
                .with("state", "reconnecting")
                .with("reason", words)
                .with("since", "1")
                .with("reconnects", "0")
                .with("keeper", "1")
                .with("target", "cn1")
                .with("plan", plan);
    }
}
