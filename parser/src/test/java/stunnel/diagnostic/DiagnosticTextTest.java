package stunnel.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
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
        assertThat(DiagnosticText.PLAIN.of(List.of(one, one), 2 * text.length()))
                .isEqualTo(text + text);
        assertThat(DiagnosticText.PLAIN.of(List.of(one, one, one), 2 * text.length() - 1))
                .isEqualTo(text + "... and 2 more\n");
    }

    @Test
    void isLaidOutForATerminal() {
        Source source =
                new Source("file", "8001:8000,".repeat(9) + "\u65e5\u672c".repeat(9) + ":x," + "8001:8000,".repeat(9));
        int mistake = source.text().indexOf('x');
        Diagnostic diagnostic = Diagnostic.of(DiagnosticId.NOT_A_PORT, source, new Span(mistake, mistake + 1), "x");
        String whole = DiagnosticText.render(List.of(diagnostic));
        for (int columns : List.of(30, 31, 50, 79, 120, 300)) {
            String text = new DiagnosticText(new Width(columns), false).of(List.of(diagnostic));
            List<String> lines = text.lines().toList();
            assertThat(lines).allSatisfy(line -> assertThat(columns(line)).isLessThanOrEqualTo(columns));
            int marks = IntStream.range(0, lines.size())
                    .filter(i -> lines.get(i).strip().equals("^"))
                    .findFirst()
                    .orElseThrow();
            String excerpt = lines.get(marks - 1);
            assertThat(columns(excerpt.substring(0, excerpt.indexOf('x'))))
                    .isEqualTo(lines.get(marks).indexOf('^'));
            assertThat(columns(excerpt)).isGreaterThan(Math.min(columns - 4, columns(source.text())));
            assertThat(words(lines.subList(0, marks - 1)))
                    .isEqualTo(words(whole.lines().limit(1).toList()));
            assertThat(words(lines.subList(marks + 1, lines.size())))
                    .isEqualTo(words(whole.lines().skip(3).toList()));
        }
    }

    @Test
    void hasColoursThatTakeNoColumns() {
        Source source = new Source("file", "x");
        List<Diagnostic> one = List.of(Diagnostic.of(DiagnosticId.NOT_A_PORT, source, source.span(), "x"));
        String coloured = new DiagnosticText(new Width(40), true).of(one);
        assertThat(coloured)
                .startsWith("\u001b[1mfile:1:1:\u001b[0m \u001b[1;31merror:\u001b[0m \u001b[1mx is not a port")
                .contains("    \u001b[1;31m^\u001b[0m\n");
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", ""))
                .isEqualTo(new DiagnosticText(new Width(40), false).of(one));
    }

    private static String words(List<String> lines) {
        return String.join(" ", lines).replaceAll(" +", " ");
    }

    private static int columns(String text) {
        return text.codePoints().map(Printable::columns).sum();
    }

    private static String rendered(String text, int start, int end) {
        Source source = new Source("file", text);
        return DiagnosticText.render(
                List.of(Diagnostic.of(DiagnosticId.NOT_A_PORT, source, new Span(start, end), "x")));
    }
}
