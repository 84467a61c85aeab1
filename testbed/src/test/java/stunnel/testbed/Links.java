package stunnel.testbed;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The links of pages to files, and to headings of pages. */
final class Links {
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#\\s]*)(#[^)]*)?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

    private Links() {}

    /** Those that lead to nothing, of all pages of documentation in a folder; {@code root} is where absolute paths begin. */
    static List<String> broken(Path folder, Path root) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return broken(
                    files.filter(file -> file.toString().matches(".*\\.md|.*/changelog\\.gz"))
                            .toList(),
                    folder,
                    root);
        }
    }

    static List<String> broken(List<Path> pages, Path folder, Path root) throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : pages) {
            Matcher link = LINK.matcher(text(page));
            while (link.find()) {
                String path = link.group(1);
                Path target = path.startsWith("/")
                        ? root.resolve(path.substring(1))
                        : path.isEmpty() ? page : page.resolveSibling(path);
                String anchor = link.group(2);
                if (!Files.exists(target) || (anchor != null && !anchors(target).contains(anchor))) {
                    broken.add(folder.relativize(page) + ": " + link.group());
                }
            }
        }
        return broken;
    }

    /** Of the headings, as forges make them. */
    private static List<String> anchors(Path page) throws IOException {
        return HEADING.matcher(text(page))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", ""))
                .map(heading -> "#" + heading.replace(' ', '-'))
                .toList();
    }

    /** Packages compress one of them. */
    private static String text(Path page) throws IOException {
        if (!page.toString().endsWith(".gz")) {
            return Files.readString(page);
        }
        try (InputStream input = new GZIPInputStream(Files.newInputStream(page))) {
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
