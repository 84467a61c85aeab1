package stunnel.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import stunnel.diagnostic.Width;
import stunnel.plan.Origin;

class RequestTest {
    private static final Message FACTS = Message.of("origin", "sbatch")
            .with("context", "allocator")
            .with("spec", "R8001:8000")
            .with("option", "ssh_cmd=ssh")
            .with("option", "ssh_args=-4")
            .with("prefix", "/opt/slurm-stunnel")
            .with("uid", "4294967294");

    @Test
    void readsACheck() throws Exception {
        Request request = Request.of(FACTS.with("request", "check").with("host", "login"));
        assertThat(request)
                .isEqualTo(new Request.Check(
                        new Request.Facts(
                                Origin.SBATCH,
                                true,
                                "R8001:8000",
                                List.of("ssh_cmd=ssh", "ssh_args=-4"),
                                "/opt/slurm-stunnel",
                                -2),
                        Optional.of("login"),
                        Width.ANY,
                        false));
    }

    @Test
    void readsHowWideTheTerminalIs() throws Exception {
        Message check = FACTS.with("request", "check");
        assertThat(((Request.Check) Request.of(check.with("columns", "72"))).width())
                .isEqualTo(new Width(72));
        assertThatThrownBy(() -> Request.of(check.with("columns", "wide")))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessage("columns wide is not a number");
    }

    @Test
    void readsThatNobodyWaitsForTheVerdictYet() throws Exception {
        Message check = FACTS.with("request", "check").with("early", "yes");
        assertThat(((Request.Check) Request.of(check)).isEarly()).isTrue();
    }

    @Test
    void takesTheTargetOrTheFirstNode() throws Exception {
        Message open = FACTS.with("request", "open")
                .with("job", "812")
                .with("step", "batch")
                .with("host", "cn1");
        assertThat(((Request.Open) Request.of(open.with("target", "login"))).target())
                .isEqualTo("login");
        assertThat(((Request.Open) Request.of(open.with("nodes", "cn[2-4]"))).target())
                .isEqualTo("cn2");
        assertThatThrownBy(() -> Request.of(open)).hasMessage("field nodes is missing");
        assertThatThrownBy(() -> Request.of(open.with("nodes", "cn["))).hasMessage("nodes cn[ is not a hostlist");
    }

    @Test
    void takesOnlyWhatItKnows() {
        assertThatThrownBy(() -> Request.of(FACTS)).hasMessage("field request is missing");
        assertThatThrownBy(() -> Request.of(FACTS.with("request", "close"))).hasMessage("request close is not known");
        Message check = FACTS.with("request", "check");
        assertThatThrownBy(() -> Request.of(check.with("spec", "8001"))).hasMessage("field spec repeats");
        assertThatThrownBy(() -> Request.of(replaced(check, "origin", "scrun")))
                .hasMessage("origin scrun is not known");
        assertThatThrownBy(() -> Request.of(replaced(check, "context", "slurmd")))
                .hasMessage("context slurmd is not known");
        assertThatThrownBy(() -> Request.of(replaced(check, "uid", "-1"))).hasMessage("uid -1 is not a number");
    }

    private static Message replaced(Message message, String key, String value) {
        return new Message(message.fields().stream()
                .map(field -> field.key().equals(key) ? new Message.Field(key, value) : field)
                .toList());
    }
}
