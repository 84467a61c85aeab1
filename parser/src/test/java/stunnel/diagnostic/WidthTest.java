package stunnel.diagnostic;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WidthTest {
    private static final String TEXT =
            "stunnel: job 812 is not yours; `squeue --me` shows yours\n  next: name a job of yours";

    @Test
    void foldsBetweenWordsAndLeavesWhatIsQuotedWhole() {
        assertThat(new Width(30).folded(TEXT)).isEqualTo("""
                stunnel: job 812 is not yours;
                  `squeue --me` shows yours
                  next: name a job of yours""");
        assertThat(new Width(24).folded(TEXT)).isEqualTo("""
                stunnel: job 812 is not
                  yours; `squeue --me`
                  shows yours
                  next: name a job of
                    yours""");
    }

    @Test
    void leavesEverythingAsItIsWhereThereIsNoTerminal() {
        assertThat(Width.ANY.folded(TEXT)).isEqualTo(TEXT);
        assertThat(Width.ANY.folded("812.0  up  ", "login:8001 -> cn1:8000"))
                .isEqualTo("812.0  up  login:8001 -> cn1:8000");
        assertThat(Width.ANY.withCommand("there:", "ssh -N")).isEqualTo("there: ssh -N");
    }

    @Test
    void losesNothingHoweverNarrowItIs() {
        for (int columns : IntStream.rangeClosed(1, 90).toArray()) {
            Width width = new Width(columns);
            assertThat(width.folded(TEXT).replaceAll("\\s", "")).isEqualTo(TEXT.replaceAll("\\s", ""));
            String cell = width.folded("812.0  up  2m13s  ", "jupyter=login:23817 -> cn1:8888");
            assertThat(cell.replaceAll("\\s+", " ")).isEqualTo("812.0 up 2m13s jupyter=login:23817 -> cn1:8888");
        }
    }

    @Test
    void foldsTheLastCellBesideTheOthersOrBelowThem() {
        assertThat(new Width(44).folded("812.0  up  2m13s  ", "jupyter=login:23817 -> cn1:8888"))
                .isEqualTo("""
                812.0  up  2m13s  jupyter=login:23817 ->
                                  cn1:8888""");
        assertThat(new Width(36).folded("812.0  up  2m13s  ", "jupyter=login:23817 -> cn1:8888"))
                .isEqualTo("""
                812.0  up  2m13s
                    jupyter=login:23817 -> cn1:8888""");
    }

    @Test
    void countsColumnsAndNotCharacters() {
        assertThat(new Width(9).folded("\u65e5\u672c \u65e5\u672c")).isEqualTo("\u65e5\u672c \u65e5\u672c");
        assertThat(new Width(8).folded("\u65e5\u672c \u65e5\u672c")).isEqualTo("\u65e5\u672c\n  \u65e5\u672c");
        assertThat(new Width(9).folded("\u001b[1mn\u0303one\u001b[0m more"))
                .isEqualTo("\u001b[1mn\u0303one\u001b[0m more");
    }

    @Test
    void givesACommandALineOfItsOwn() {
        assertThat(new Width(13).withCommand("there:", "ssh -N")).isEqualTo("there: ssh -N");
        assertThat(new Width(12).withCommand("there:", "ssh -N")).isEqualTo("there:\nssh -N");
    }
}
