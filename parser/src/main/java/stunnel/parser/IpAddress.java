package stunnel.parser;

import java.util.Optional;

/** Addresses in numbers, read without a resolver. */
final class IpAddress {
    private static final int IPV6_GROUPS = 8;

    private IpAddress() {}

    /** Four numbers from 0 to 255, without leading zeros. */
    static boolean isIpv4(String text) {
        int numbers = 0;
        int start = 0;
        while (start <= text.length()) {
            int dot = text.indexOf('.', start);
            int end = dot < 0 ? text.length() : dot;
            if (!isByte(text, start, end)) {
                return false;
            }
            numbers++;
            start = end + 1;
        }
        return numbers == 4;
    }

    private static boolean isByte(String text, int start, int end) {
        int length = end - start;
        if (length < 1 || length > 3 || (length > 1 && text.charAt(start) == '0')) {
            return false;
        }
        int value = 0;
        for (int i = start; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            value = value * 10 + digit;
        }
        return value <= 255;
    }

    /** An IPv6 address in one spelling, whichever of its spellings it is given in; empty if it is none. */
    static Optional<String> canonicalIpv6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return groups(text, IPV6_GROUPS, IPV6_GROUPS);
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        // The gap stands for one group at least.
        Optional<String> head = groups(text.substring(0, gap), 0, IPV6_GROUPS - 1);
        Optional<String> tail = groups(text.substring(gap + 2), 0, IPV6_GROUPS - 1);
        if (head.isEmpty() || tail.isEmpty() || text.substring(0, gap).indexOf('.') >= 0) {
            return Optional.empty();
        }
        int missing = IPV6_GROUPS - count(head.get()) - count(tail.get());
        return missing < 1 ? Optional.empty() : Optional.of(head.get() + "0:".repeat(missing) + tail.get());
    }

    /** Groups of hexadecimal digits, each closed by a colon, leading zeros gone. */
    private static Optional<String> groups(String text, int least, int most) {
        StringBuilder groups = new StringBuilder();
        int start = 0;
        while (start < text.length()) {
            int colon = text.indexOf(':', start);
            String group = text.substring(start, colon < 0 ? text.length() : colon);
            if (colon == text.length() - 1) {
                return Optional.empty();
            } else if (colon < 0 && isIpv4(group)) {
                appendIpv4(group, groups);
            } else if (isHexadecimal(group)) {
                groups.append(Integer.toHexString(Integer.parseInt(group, 16))).append(':');
            } else {
                return Optional.empty();
            }
            start = colon < 0 ? text.length() : colon + 1;
        }
        int count = count(groups);
        return count < least || count > most ? Optional.empty() : Optional.of(groups.toString());
    }

    /** The last two groups may be written as an IPv4 address. */
    private static void appendIpv4(String address, StringBuilder groups) {
        int group = 0;
        int start = 0;
        for (int i = 0; i < 4; i++) {
            int dot = address.indexOf('.', start);
            group = (group << 8) + Integer.parseInt(address.substring(start, dot < 0 ? address.length() : dot));
            start = dot + 1;
            if (i % 2 == 1) {
                groups.append(Integer.toHexString(group)).append(':');
                group = 0;
            }
        }
    }

    private static int count(CharSequence groups) {
        int colons = 0;
        for (int i = 0; i < groups.length(); i++) {
            colons += groups.charAt(i) == ':' ? 1 : 0;
        }
        return colons;
    }

    private static boolean isHexadecimal(String group) {
        if (group.isEmpty() || group.length() > 4) {
            return false;
        }
        for (int i = 0; i < group.length(); i++) {
            char c = group.charAt(i);
            if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))) {
                return false;
            }
        }
        return true;
    }
}
