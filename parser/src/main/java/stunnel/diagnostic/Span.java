package stunnel.diagnostic;

/**
 * A stretch of a source, in UTF-16 code units from 0.
 *
 * @param start the first unit
 * @param end the unit after the last; equal to {@code start} where something is missing
 */
public record Span(int start, int end) {
    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("not a span: " + start + " to " + end);
        }
    }

    /** The number of units. */
    public int length() {
        return end - start;
    }

    /** From the start of this to the end of a later span. */
    public Span to(Span last) {
        return new Span(start, last.end);
    }

    /** The stretch that lies in a part of the source, seen from the whole source. */
    public Span shifted(int units) {
        return new Span(start + units, end + units);
    }

    /** What the span covers of a text. */
    public String of(String text) {
        return text.substring(start, end);
    }
}
