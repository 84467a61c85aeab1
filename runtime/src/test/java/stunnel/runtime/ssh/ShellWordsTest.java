package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ShellWordsTest {
    @Test
    void quoteOnlyWhatAShellWouldChange() {
        assertThat(ShellWords.of(List.of("ssh", "-o", "A=b", "-R*:1:[::1]:2", "", "it's", "a b", "$HOME")))
                .isEqualTo("ssh -o A=b '-R*:1:[::1]:2' '' 'it'\\''s' 'a b' '$HOME'");
    }
}
