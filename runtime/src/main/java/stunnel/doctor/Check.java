package stunnel.doctor;

import java.util.Locale;
import java.util.Optional;

/**
 * What became of one look.
 *
 * @param name what was looked at, in a word or two
 * @param state how it is
 * @param detail what was seen, in one line
 * @param next what to do about it; present if and only if it is wrong, or could be better
 */
public record Check(String name, State state, String detail, Optional<String> next) {

    /** How a thing is. */
    public enum State {
        /** A tunnel can use it. */
        OK,
        /** A tunnel can use it, and it could be better. */
        WARNING,
        /** No tunnel comes up before it is corrected. */
        WRONG,
        /** It was not looked at, and the detail says why. */
        SKIPPED;

        /** In lower case, as it is shown. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Check ok(String name, String detail) {
        return new Check(name, State.OK, detail, Optional.empty());
    }

    static Check warning(String name, String detail, String next) {
        return new Check(name, State.WARNING, detail, Optional.of(next));
    }

    static Check wrong(String name, String detail, String next) {
        return new Check(name, State.WRONG, detail, Optional.of(next));
    }

    static Check skipped(String name, String because) {
        return new Check(name, State.SKIPPED, because, Optional.empty());
    }

    boolean isWrong() {
        return state == State.WRONG;
    }
}
