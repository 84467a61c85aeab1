package stunnel.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SourceTest {
    private static final Source SOURCE = new Source("file", "ab\n\ncd\n");

    @Test
    void countsLinesAndColumnsFromOne() {
        assertThat(SOURCE.position(0)).isEqualTo(new Position(1, 1));
        assertThat(SOURCE.position(1)).isEqualTo(new Position(1, 2));
        assertThat(SOURCE.position(2)).isEqualTo(new Position(1, 3));
        assertThat(SOURCE.position(3)).isEqualTo(new Position(2, 1));
        assertThat(SOURCE.position(4)).isEqualTo(new Position(3, 1));
        assertThat(SOURCE.position(7)).isEqualTo(new Position(4, 1));
    }

    @Test
    void findsTheLineOfAnOffset() {
        assertThat(SOURCE.lineAt(0).of(SOURCE.text())).isEqualTo("ab");
        assertThat(SOURCE.lineAt(2).of(SOURCE.text())).isEqualTo("ab");
        assertThat(SOURCE.lineAt(3).of(SOURCE.text())).isEmpty();
        assertThat(SOURCE.lineAt(5).of(SOURCE.text())).isEqualTo("cd");
        assertThat(SOURCE.lineAt(7).of(SOURCE.text())).isEmpty();
    }

    @Test
    void refusesSpansThatAreNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Span(-1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Span(2, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Diagnostic.of(DiagnosticId.EMPTY_FORWARD, SOURCE, new Span(7, 8)));
    }
}
