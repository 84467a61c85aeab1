package stunnel.parser;

import java.util.ArrayList;
import java.util.List;
import stunnel.parser.syntax.Word;

/** Cuts a misshapen forward at its colons. */
final class Fields {
    private static final int GROUPS_OF_IPV6 = 8;

    private Fields() {}

    /** Where a bracket opens that never closes; -1 if there is none. */
    static int unclosedBracket(String text) {
        int open = text.indexOf('[');
        while (open >= 0) {
            int close = text.indexOf(']', open);
            if (close < 0) {
                return open;
            }
            open = text.indexOf('[', close);
        }
        return -1;
    }

    /** The fields; a colon in brackets is part of an address. */
    static List<Word> split(Word ends) {
        List<Word> fields = new ArrayList<>();
        String text = ends.text();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == ':') {
                fields.add(ends.part(start, i));
                start = i + 1;
            } else if (text.charAt(i) == '[') {
                i = text.indexOf(']', i);
            }
        }
        fields.add(ends.part(start, text.length()));
        return fields;
    }

    /** Whether the colons are more likely an address's own. */
    static boolean holdIpv6(String text, List<Word> fields) {
        int hexadecimal = 0;
        for (Word field : fields) {
            if (field.text().startsWith("[")) {
                return false;
            }
            hexadecimal += IpAddress.canonicalIpv6("::" + field.text()).isPresent() ? 1 : 0;
        }
        boolean gap = text.startsWith("::") || text.contains(":::") || (text.contains("::") && fields.size() > 4);
        return hexadecimal >= GROUPS_OF_IPV6 || (gap && hexadecimal > 1);
    }
}
