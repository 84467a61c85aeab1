package stunnel.manual;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A section of the documentation for users.
 *
 * @param lines without the heading
 */
record MarkdownSection(List<String> lines) {
    private static final Path ROOT = Path.of("..");

    /** The one with this heading, wherever it stands. */
    static MarkdownSection of(String heading) throws IOException {
        List<Path> pages = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> files = Files.list(ROOT.resolve("docs"))) {
            pages.addAll(files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList());
        }
        for (Path page : pages) {
            List<String> lines = Files.readAllLines(page);
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).startsWith("#") && lines.get(i).endsWith(" " + heading)) {
                    return section(lines, i);
                }
            }
        }
        throw new AssertionError("no page has a section \"" + heading + "\"");
    }

    private static MarkdownSection section(List<String> lines, int heading) {
        int end = heading + 1;
        boolean code = false;
        while (end < lines.size() && (code || !lines.get(end).startsWith("#"))) {
            code ^= lines.get(end).startsWith("```");
            end++;
        }
        return new MarkdownSection(lines.subList(heading + 1, end));
    }

    /** Adds it to a page. */
    void appendTo(Roff page) {
        List<String> paragraph = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean isCode = line.startsWith("```") || line.startsWith("    ");
            if (line.isBlank() || line.startsWith("|") || line.startsWith("* ") || isCode) {
                flush(paragraph, page);
            }
            if (isCode && (line.startsWith("```") || paragraph.isEmpty())) {
                i = appendCode(i, page);
            } else if (line.startsWith("|")) {
                appendRow(i, page);
            } else if (!line.isBlank()) {
                paragraph.add(line);
            }
        }
        flush(paragraph, page);
    }

    private static void flush(List<String> paragraph, Roff page) {
        if (!paragraph.isEmpty()) {
            String words =
                    String.join(" ", paragraph.stream().map(String::strip).toList());
            if (words.startsWith("* ")) {
                page.bullet(words.substring(2));
            } else {
                page.paragraph(words);
            }
        }
        paragraph.clear();
    }

    /** Returns the last line of it. */
    private int appendCode(int first, Roff page) {
        boolean fenced = lines.get(first).startsWith("```");
        List<String> code = new ArrayList<>();
        int i = fenced ? first + 1 : first;
        while (i < lines.size()
                && (fenced ? !lines.get(i).startsWith("```") : lines.get(i).startsWith("    "))) {
            code.add(fenced ? lines.get(i) : lines.get(i).substring(4));
            i++;
        }
        page.block(code);
        return fenced ? i : i - 1;
    }

    /** The first cell is what the others are about; the heads of further columns stand in front of their cells. */
    private void appendRow(int at, Roff page) {
        List<String> cells = cells(lines.get(at));
        boolean isHead = at + 1 < lines.size() && lines.get(at + 1).startsWith("|--");
        if (isHead || lines.get(at).startsWith("|--")) {
            return;
        }
        int head = at;
        while (!lines.get(head).startsWith("|--")) {
            head--;
        }
        List<String> heads = cells(lines.get(head - 1));
        List<String> meanings = new ArrayList<>();
        for (int i = 1; i < cells.size(); i++) {
            meanings.add(
                    cells.size() > 2 && i < cells.size() - 1 ? heads.get(i) + ": " + cells.get(i) + "." : cells.get(i));
        }
        page.item(cells.get(0), String.join(" ", meanings));
    }

    private static List<String> cells(String row) {
        List<String> cells = new ArrayList<>();
        for (String cell : row.substring(1, row.lastIndexOf('|')).split("(?<!\\\\)\\|", -1)) {
            cells.add(cell.strip().replace("\\|", "|"));
        }
        return cells;
    }
}
