package stunnel.parser.syntax;

import java.util.List;

/**
 * One option of the plugstack line whose shape is right.
 *
 * @param key what stands before the first equals sign
 * @param words of the value, quotes taken off
 * @param redirections of the value, from left to right
 */
public record OptionSyntax(Word key, List<Word> words, List<RedirectionSyntax> redirections) {
    public OptionSyntax {
        words = List.copyOf(words);
        redirections = List.copyOf(redirections);
    }
}
