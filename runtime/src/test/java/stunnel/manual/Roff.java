package stunnel.manual;

import java.util.List;
import java.util.Locale;

/** A manual page that is written from top to bottom, in the requests of man(7). */
final class Roff {
    /** Of the layout; a page is as new as the package that brings it. */
    private static final String DATE = "2026-11-22";

    private final StringBuilder text = new StringBuilder();

    /** Begins a page. */
    Roff(String name, int section, String origin) {
        text.append(".\\\" Made by the tests of the runtime; see CONTRIBUTING.md.\n");
        text.append(".TH \"")
                .append(plain(name.toUpperCase(Locale.ROOT)))
                .append("\" ")
                .append(section);
        text.append(' ').append(DATE).append(" \"").append(plain(origin)).append("\"\n.nh\n.ad l\n");
    }

    private void request(String request, String... arguments) {
        text.append('.').append(request);
        for (String argument : arguments) {
            text.append(" \"").append(plain(argument).replace("\"", "\\(dq")).append('"');
        }
        text.append('\n');
    }

    Roff section(String title) {
        request("SH", title.toUpperCase(Locale.ROOT));
        return this;
    }

    Roff subsection(String title) {
        request("SS", title.replace("`", ""));
        return this;
    }

    /** Not behind a heading, which does it by itself. */
    private void separate(String request) {
        int last = text.lastIndexOf("\n", text.length() - 2) + 1;
        if (!text.substring(last).startsWith(".S")) {
            text.append(request);
        }
    }

    /** A paragraph in which `this` and **this** are bold. */
    Roff paragraph(String words) {
        separate(".PP\n");
        return line(words);
    }

    /** One more line of text. */
    Roff line(String words) {
        String escaped = styled(words.strip());
        text.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "")
                .append(escaped)
                .append('\n');
        return this;
    }

    /** A word and, indented, what it means. */
    Roff item(String word, String meaning) {
        text.append(".TP\n");
        String bold = plain(word.replace("`", "").strip());
        text.append("\\fB").append(bold).append("\\fR\n");
        return line(meaning);
    }

    /** One of a list without words. */
    Roff bullet(String meaning) {
        text.append(".IP \\(bu 2\n");
        return line(meaning);
    }

    /** Lines as they are. */
    Roff block(List<String> lines) {
        separate(".PP\n");
        text.append(".RS 4\n.nf\n");
        for (String line : lines) {
            String escaped = plain(line);
            text.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "")
                    .append(escaped.isBlank() ? "\\&" : escaped)
                    .append('\n');
        }
        text.append(".fi\n.RE\n");
        return this;
    }

    /** The words of Markdown: code and strong ones in bold, links without their targets. */
    private static String styled(String markdown) {
        StringBuilder styled = new StringBuilder();
        String words = markdown.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1").replace("**", "`");
        boolean bold = false;
        for (String part : words.split("`", -1)) {
            styled.append(bold ? "\\fB" + plain(part) + "\\fR" : plain(part));
            bold = !bold;
        }
        return styled.toString();
    }

    private static String plain(String words) {
        return words.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("…", "...")
                .replace("→", "->")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
