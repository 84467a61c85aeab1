package stunnel.runtime.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PausesTest {
    @Test
    void growFromATenthOfASecondToABound() {
        Pauses pauses = new Pauses(new Random(1));
        for (int most : List.of(400, 800, 1600, 3200, 3200, 3200)) {
            assertThat(pauses.next()).isBetween(most / 4, most);
        }
    }

    @Test
    void areSpreadOverTheirWholeRange() {
        List<Integer> first = new ArrayList<>();
        for (int seed = 0; seed < 1000; seed++) {
            first.add(new Pauses(new Random(seed)).next());
        }
        assertThat(first).anyMatch(millis -> millis < 150).anyMatch(millis -> millis > 350);
    }
}
