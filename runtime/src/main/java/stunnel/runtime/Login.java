package stunnel.runtime;

import java.util.List;
import java.util.Optional;

/**
 * A login that the keeper has made already, in the way the last tunnel of the same value was begun.
 *
 * @param directory the control directory, which is new
 * @param start what was run
 * @param preload the library that it was run with
 */
record Login(String directory, List<String> start, Optional<String> preload) {
    Login {
        start = List.copyOf(start);
    }

    /** Of a request to open; empty if it tells of none. */
    static Optional<Login> of(Message message) throws MalformedMessageException {
        Optional<String> directory = message.optional("dir");
        return directory.isPresent()
                ? Optional.of(new Login(directory.get(), message.all("start"), message.optional("preload")))
                : Optional.empty();
    }
}
