package stunnel.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosticTextTest {

    @Test
    void alignsCaretsUnderWideCharactersAndMarks() {
        Source source = new Source("file", "\tn\u0303 \u65e5\u672c \ud83d\ude87 \uff76 x");
        int last = source.text().length();
        Diagnostic wide = Diagnostic.of(DiagnosticId.NOT_A_PORT, source, new Span(4, 6), "x");
        Diagnostic behind = Diagnostic.of(DiagnosticId.NOT_A_PORT, source, new Span(last - 1, last), "x");
        assertThat(DiagnosticText.render(List.of(wide)).lines().toList().get(2)).isEqualTo(" ".repeat(4 + 3) + "^^^^");
        assertThat(DiagnosticText.render(List.of(behind)).lines().toList().get(2))
                .isEqualTo(" ".repeat(4 + 13) + "^");
    }

    @Test
    void showsWhereWhatAndTheNextStep() {
        assertThat(rendered("one\n8001:x\nthree", 9, 10)).isEqualTo("""
                file:2:6: error: x is not a port [not-a-port]
                    8001:x
                         ^
                  hint: a port is a number from 1 to 65535, in digits alone
                """);
    }

    @Test
    void marksAtLeastOneColumn() {
        assertThat(rendered("8001:", 5, 5)).contains("    8001:\n         ^\n");
        assertThat(rendered("", 0, 0)).contains("    \n    ^\n");
    }

    @Test
    void marksNothingBehindTheLine() {
        assertThat(rendered("ab\ncd", 1, 5)).contains("    ab\n     ^\n");
    }

    @Test
    void showsAPieceOfALongLine() {
        String text = rendered("a".repeat(1000) + "!" + "b".repeat(1000), 1000, 1001);
        String[] lines = text.split("\n", -1);
        assertThat(lines[1]).startsWith("    ...aaa").endsWith("bbb...").hasSizeLessThan(110);
        assertThat(lines[1].indexOf('!')).isEqualTo(lines[2].indexOf('^')).isPositive();
    }

    @Test
    void keepsTheEndOfALongLineWhole() {
        String[] lines = rendered("a".repeat(1000) + "!", 1000, 1001).split("\n", -1);
        assertThat(lines[1]).startsWith("    ...aaa").endsWith("a!");
        assertThat(lines[1].indexOf('!')).isEqualTo(lines[2].indexOf('^'));
    }

    @Test
    void keepsColumnsBesideCharactersThatDoNotShow() {
        String[] lines = rendered("\t\u001b\u202e\ud83d\ude87\ud83dx", 6, 7).split("\n", -1);
        assertThat(lines[1]).isEqualTo("     \uFFFD\uFFFD\ud83d\ude87\uFFFDx");
        assertThat(lines[2]).isEqualTo("          ^");
    }

    @Test
    void countsWhatDoesNotFit() {
        Source source = new Source("file", "x");
        Diagnostic one = Diagnostic.of(DiagnosticId.NOT_A_PORT, source, source.span(), "x");
        String text = DiagnosticText.render(List.of(one));
        assertThat(DiagnosticText.render(List.of(one, one), 2 * text.length())).isEqualTo(text + text);
        assertThat(DiagnosticText.render(List.of(one, one, one), 2 * text.length() - 1))
                .isEqualTo(text + "... and 2 more\n");
    }

    private static String rendered(String text, int start, int end) {
        Source source = new Source("file", text);
        return DiagnosticText.render(
                List.of(Diagnostic.of(DiagnosticId.NOT_A_PORT, source, new Span(start, end), "x")));
    }
}
