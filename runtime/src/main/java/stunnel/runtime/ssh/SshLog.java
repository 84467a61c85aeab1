package stunnel.runtime.ssh;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What ssh wrote: its log in the control directory, as lines that are safe on a terminal. */
final class SshLog {
    /** More than ssh writes in a year at its usual level; a chattering server must not fill the heap. */
    private static final int MOST_BYTES = 1 << 20;

    /** How the lines begin that -v adds, which the site may have put into ssh_args. */
    private static final String DEBUG = "debug";

    private final String path;
    private long start;

    SshLog(String path) {
        this.path = path;
    }

    /** The end of it, which matters most; empty if there is none. */
    byte[] bytes() {
        return bytes(0);
    }

    private byte[] bytes(long from) {
        try (FileInputStream file = new FileInputStream(path)) {
            file.skipNBytes(Math.max(from, file.available() - MOST_BYTES));
            return file.readNBytes(MOST_BYTES);
        } catch (IOException e) {
            return new byte[0];
        }
    }

    /** What is there already is no more among the lines. */
    void restart() {
        start = size();
    }

    /** In bytes. */
    long size() {
        return new File(path).length();
    }

    /** What is meant for the user. */
    List<String> lines() {
        return lines(new String(bytes(start), StandardCharsets.UTF_8));
    }

    /** That of a text; a control character, of which the far side may send any, becomes a question mark. */
    static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String clean = printable(line.stripTrailing());
            if (!clean.isEmpty() && !clean.startsWith(DEBUG)) {
                lines.add(clean);
            }
        }
        return lines;
    }

    private static String printable(String line) {
        StringBuilder text = new StringBuilder(line);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                text.setCharAt(i, '?');
            }
        }
        return text.toString();
    }
}
