package stunnel.runtime;

import java.io.IOException;

/** Bytes from the keeper that are no request. */
final class MalformedMessageException extends IOException {
    MalformedMessageException(String reason) {
        super(reason);
    }
}
