package stunnel.runtime;

import java.io.IOException;

/** Bytes from the keeper that are no request. */
final class MalformedMessageException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedMessageException(String reason) {
        super(reason);
    }
}
