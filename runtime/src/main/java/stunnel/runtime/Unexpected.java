package stunnel.runtime;

/** One clear line for what should not happen; its trace goes to the log and never to the user. */
final class Unexpected {
    private Unexpected() {}

    static String text(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        int end = message.indexOf('\n');
        return "tunnel not opened: unexpected " + thrown.getClass().getSimpleName() + ": "
                + (end < 0 ? message : message.substring(0, end))
                + "\n  next: report this as a bug; log.level = debug and log.file = … in stunnel.conf record the details";
    }
}
