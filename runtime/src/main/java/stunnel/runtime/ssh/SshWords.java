package stunnel.runtime.ssh;

import java.util.ArrayList;
import java.util.List;

/**
 * What ssh said, in lines. Its log has its own words. On standard error are those of the programs that it runs, and the banner of a
 * server, which may be made of anything: also of what ssh would say.
 *
 * @param all for the user to read
 * @param telling those that tell what is wrong; no server chooses them
 * @param foreign those on standard error
 */
record SshWords(List<String> all, List<String> telling, List<String> foreign) {
    static final SshWords NONE = of(List.of(), List.of(), false);

    /** How its own lines begin that go on with the words of a server, as do the lines behind them. */
    private static final List<String> QUOTATIONS = List.of(
            "Received disconnect from ", "Unable to negotiate with ", "Bad remote protocol version identification: ");

    /** The line of a refused key ends with the server's list of methods, which may be any text, too. */
    private static final String METHODS = ": Permission denied (";

    /** No server has said anything yet where this is what went wrong; a ProxyCommand may have. */
    private static final String NOT_MET = "exchange_identification: ";

    /** From an ssh that did not get to a banner. */
    static SshWords ofLog(List<String> log) {
        return of(log, List.of(), false);
    }

    /** @param ended whether ssh ended by itself, and without a session: if its log is empty then, it met no server */
    static SshWords of(List<String> log, List<String> errors, boolean ended) {
        List<String> all = new ArrayList<>(errors);
        all.addAll(log);
        List<String> own = own(log);
        boolean unmet = log.isEmpty() ? ended : contains(own, NOT_MET);
        return new SshWords(all, unmet ? all : own, errors);
    }

    private static List<String> own(List<String> log) {
        List<String> own = new ArrayList<>();
        for (String line : log) {
            for (String quotation : QUOTATIONS) {
                if (line.startsWith(quotation)) {
                    return own;
                }
            }
            int methods = line.indexOf(METHODS);
            if (methods >= 0) {
                own.add(line.substring(0, methods + METHODS.length()));
                return own;
            }
            own.add(line);
        }
        return own;
    }

    /** Whether these words are in one of the lines. */
    static boolean contains(List<String> lines, String words) {
        for (String line : lines) {
            if (line.contains(words)) {
                return true;
            }
        }
        return false;
    }
}
