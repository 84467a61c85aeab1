package stunnel.runtime;

import java.util.Optional;

/** Slurm's hostlist expressions, such as {@code cn[01-10,12],login}, as far as a tunnel needs them: their first host. */
public final class HostList {
    private HostList() {}

    /** The first host; empty when the expression is damaged before its end. */
    public static Optional<String> first(String expression) {
        StringBuilder host = new StringBuilder();
        int i = 0;
        while (i < expression.length() && expression.charAt(i) != ',') {
            char c = expression.charAt(i);
            if (c == ']') {
                return Optional.empty();
            }
            if (c == '[') {
                int close = expression.indexOf(']', i);
                String number = close < 0 ? "" : firstNumber(expression.substring(i + 1, close));
                if (number.isEmpty()) {
                    return Optional.empty();
                }
                host.append(number);
                i = close;
            } else {
                host.append(c);
            }
            i++;
        }
        return host.length() == 0 ? Optional.empty() : Optional.of(host.toString());
    }

    /** Of {@code 01-10,12}: 01, its zeros kept. */
    private static String firstNumber(String ranges) {
        int end = 0;
        while (end < ranges.length() && ranges.charAt(end) >= '0' && ranges.charAt(end) <= '9') {
            end++;
        }
        boolean whole = end == ranges.length() || ranges.charAt(end) == '-' || ranges.charAt(end) == ',';
        return whole ? ranges.substring(0, end) : "";
    }
}
