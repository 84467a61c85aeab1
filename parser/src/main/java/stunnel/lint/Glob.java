package stunnel.lint;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The patterns of glob(3), as Slurm uses them: {@code *}, {@code ?} and brackets, a leading dot by itself alone, in order. */
final class Glob {
    private Glob() {}

    /** Whether anything in it is a pattern. */
    static boolean isPattern(String text) {
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0 || text.indexOf('[') >= 0;
    }

    /** The files under a folder that a pattern stands for. */
    static List<Path> expand(Path folder, String pattern) {
        List<Path> found = List.of(folder);
        for (String step : pattern.split("/", -1)) {
            if (!step.isEmpty()) {
                found = isPattern(step) ? matching(found, step) : existing(found, step);
            }
        }
        List<Path> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparing(Path::toString));
        return sorted;
    }

    private static List<Path> existing(List<Path> folders, String name) {
        List<Path> found = new ArrayList<>();
        for (Path folder : folders) {
            Path path = folder.resolve(name);
            if (Files.exists(path)) {
                found.add(path);
            }
        }
        return found;
    }

    private static List<Path> matching(List<Path> folders, String pattern) {
        List<Path> found = new ArrayList<>();
        for (Path folder : folders) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    if (name.startsWith(".") == pattern.startsWith(".") && matches(pattern, name)) {
                        found.add(folder.resolve(name));
                    }
                }
            } catch (IOException e) {
                // glob(3) goes on past a folder that it cannot read.
            }
        }
        return found;
    }

    /** Whether a name matches; after a mismatch the last star takes one more character, and no other needs to. */
    static boolean matches(String pattern, String name) {
        int at = 0;
        int star = -1;
        int starred = 0;
        int next = 0;
        while (next < name.length()) {
            int length = at < pattern.length() ? length(pattern, at, name.charAt(next)) : 0;
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at;
                starred = next;
                at++;
            } else if (length > 0) {
                at += length;
                next++;
            } else if (star >= 0) {
                starred++;
                next = starred;
                at = star + 1;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }

    /** The length of the part of a pattern that takes this character; 0 if it does not. */
    private static int length(String pattern, int at, char c) {
        char p = pattern.charAt(at);
        if (p == '?') {
            return 1;
        }
        int close = p == '[' ? pattern.indexOf(']', at + 2) : -1;
        if (close < 0) {
            return p == c ? 1 : 0;
        }
        boolean negated = "!^".indexOf(pattern.charAt(at + 1)) >= 0;
        boolean listed = isListed(pattern.substring(at + (negated ? 2 : 1), close), c);
        return listed != negated ? close + 1 - at : 0;
    }

    private static boolean isListed(String list, char c) {
        for (int i = 0; i < list.length(); i++) {
            boolean range = i + 2 < list.length() && list.charAt(i + 1) == '-';
            char last = range ? list.charAt(i + 2) : list.charAt(i);
            if (list.charAt(i) <= c && c <= last) {
                return true;
            }
            i += range ? 2 : 0;
        }
        return false;
    }
}
