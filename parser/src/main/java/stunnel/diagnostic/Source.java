package stunnel.diagnostic;

import java.util.Arrays;

/** A text and where it came from; it knows its lines, so that a thousand diagnostics of one file are placed in no time. */
public final class Source {
    private final String name;
    private final String text;
    /** Where each line starts; counted when the first position is asked for. */
    private int[] lineStarts = {};

    /**
     * A text.
     *
     * @param name a file's path, or what stands for it: {@code --tunnel}
     * @param text all of it; lines end in LF
     */
    public Source(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /** A file's path, or what stands for it. */
    public String name() {
        return name;
    }

    /** All of the text. */
    public String text() {
        return text;
    }

    /** Where the text begins and ends. */
    public Span span() {
        return new Span(0, text.length());
    }

    /** Where an offset of the text is: the one place that counts from 1. */
    public Position position(int offset) {
        int[] starts = lineStarts();
        int found = Arrays.binarySearch(starts, offset);
        int line = found >= 0 ? found : -found - 2;
        return new Position(line + 1, offset - starts[line] + 1);
    }

    /** The line of a number from 1, without its LF; the last one if there are fewer. */
    public Span line(int number) {
        int[] starts = lineStarts();
        return lineAt(starts[Math.min(number, starts.length) - 1]);
    }

    /** The line that holds an offset, without its LF. */
    public Span lineAt(int offset) {
        int start = text.lastIndexOf('\n', offset - 1) + 1;
        int end = text.indexOf('\n', offset);
        return new Span(start, end < 0 ? text.length() : end);
    }

    private int[] lineStarts() {
        if (lineStarts.length == 0) {
            lineStarts = lineStarts(text);
        }
        return lineStarts;
    }

    private static int[] lineStarts(String text) {
        int[] starts = new int[16];
        int lines = 1;
        for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
            if (lines == starts.length) {
                starts = Arrays.copyOf(starts, 2 * lines);
            }
            starts[lines] = at + 1;
            lines++;
        }
        return Arrays.copyOf(starts, lines);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Source source && name.equals(source.name) && text.equals(source.text);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + text.hashCode();
    }

    @Override
    public String toString() {
        return "Source[" + name + "]";
    }
}
