package stunnel.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
    private static final List<String> KNOWN = List.of("ssh_cmd", "ssh_args", "helpertask_args", "conf");

    @Test
    void findsTheNearestWord() {
        assertThat(Suggestion.hint("ssh_arg", KNOWN)).isEqualTo("did you mean ssh_args?");
        assertThat(Suggestion.hint("ssh_cdm", KNOWN)).isEqualTo("did you mean ssh_cmd?");
        assertThat(Suggestion.hint("SSH_ARGS", KNOWN)).isEqualTo("did you mean ssh_args?");
        assertThat(Suggestion.hint("helper_task_arguments", KNOWN)).isEqualTo("did you mean helpertask_args?");
    }

    @Test
    void findsAPartOfAWord() {
        assertThat(Suggestion.hint("helpertask", KNOWN)).isEqualTo("did you mean helpertask_args?");
    }

    @Test
    void looksElsewhereLast() {
        assertThat(Suggestion.hint("level", List.of("start"), List.of("log.level")))
                .isEqualTo("did you mean log.level?");
    }

    @Test
    void listsAllWhereNothingIsNear() {
        assertThat(Suggestion.hint("xyzzy", List.of("ssh", "log"))).isEqualTo("there are ssh, log");
        assertThat(Suggestion.hint("", KNOWN)).startsWith("there are ssh_cmd, ");
        assertThat(Suggestion.hint("x".repeat(10_000), KNOWN)).startsWith("there are ");
    }
}
