package stunnel.diagnostic;

/**
 * A place in a source as editors count: from 1, the column in UTF-16 code units.
 *
 * @param line the line
 * @param column the column in it
 */
public record Position(int line, int column) {}
