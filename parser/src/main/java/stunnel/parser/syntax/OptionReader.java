package stunnel.parser.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.antlr.v4.runtime.tree.ParseTree;
import stunnel.diagnostic.Span;
import stunnel.grammar.PluginArgsLexer;
import stunnel.grammar.PluginArgsParser;
import stunnel.grammar.PluginArgsParser.ItemContext;
import stunnel.grammar.PluginArgsParser.OptionContext;
import stunnel.grammar.PluginArgsParser.WordContext;

/** Reads an option with the grammar; it repairs nothing, since whoever explains the mistake looks at the tokens. */
final class OptionReader {
    private final String text;

    OptionReader(String text) {
        this.text = text;
    }

    Optional<OptionSyntax> read(Span span) {
        PluginArgsParser parser = new PluginArgsParser(new CommonTokenStream(lexer(span)));
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        try {
            return Optional.of(option(parser.option()));
        } catch (ParseCancellationException wrongShape) {
            return Optional.empty();
        }
    }

    List<OptionToken> tokens(Span span) {
        List<OptionToken> tokens = new ArrayList<>();
        for (Token token : lexer(span).getAllTokens()) {
            Span place = new Span(token.getStartIndex(), token.getStopIndex() + 1);
            tokens.add(new OptionToken(kind(token.getType()), Word.at(place, text)));
        }
        return tokens;
    }

    private PluginArgsLexer lexer(Span span) {
        PluginArgsLexer lexer = new PluginArgsLexer(new TextStream(text, span.start(), span.end()));
        lexer.removeErrorListeners();
        return lexer;
    }

    private static OptionToken.Kind kind(int type) {
        return switch (type) {
            case PluginArgsLexer.BAR -> OptionToken.Kind.BAR;
            case PluginArgsLexer.EQUALS -> OptionToken.Kind.EQUALS;
            case PluginArgsLexer.DIGITS -> OptionToken.Kind.DIGITS;
            case PluginArgsLexer.TEXT, PluginArgsLexer.ESCAPED, PluginArgsLexer.SINGLE, PluginArgsLexer.DOUBLE ->
                OptionToken.Kind.TEXT;
            case PluginArgsLexer.LESS, PluginArgsLexer.GREATER, PluginArgsLexer.APPEND, PluginArgsLexer.BOTH ->
                OptionToken.Kind.TO_FILE;
            case PluginArgsLexer.DUPLICATE -> OptionToken.Kind.DUPLICATE;
            case PluginArgsLexer.BLANKS -> OptionToken.Kind.BLANKS;
            case PluginArgsLexer.SHELL, PluginArgsLexer.EXPANDED -> OptionToken.Kind.SHELL;
            case PluginArgsLexer.UNSUPPORTED -> OptionToken.Kind.UNSUPPORTED;
            case PluginArgsLexer.UNTERMINATED -> OptionToken.Kind.UNTERMINATED;
            default -> OptionToken.Kind.UNEXPECTED;
        };
    }

    private OptionSyntax option(OptionContext option) {
        List<Word> words = new ArrayList<>();
        List<RedirectionSyntax> redirections = new ArrayList<>();
        for (ItemContext item : option.value().item()) {
            ParserRuleContext content = item.getRuleContext(ParserRuleContext.class, 0);
            if (content instanceof WordContext word) {
                words.add(unquoted(word));
            } else {
                redirections.add(redirection(content));
            }
        }
        return new OptionSyntax(Word.at(span(option.key()), text), words, redirections);
    }

    private RedirectionSyntax redirection(ParserRuleContext redirection) {
        Optional<Word> fd = Optional.empty();
        Optional<Word> target = Optional.empty();
        Optional<RedirectionSyntax.Operator> operator = Optional.empty();
        for (ParseTree child : redirection.children) {
            if (child instanceof WordContext word) {
                target = Optional.of(unquoted(word));
            } else if (child instanceof ParserRuleContext number && operator.isEmpty()) {
                fd = Optional.of(Word.at(span(number), text));
            } else if (child instanceof ParserRuleContext number) {
                target = Optional.of(Word.at(span(number), text));
            } else if (operator.isEmpty()) {
                operator = Optional.of(operator(child.getText()));
            }
        }
        return new RedirectionSyntax(span(redirection), operator.orElseThrow(), fd, target.orElseThrow());
    }

    private static RedirectionSyntax.Operator operator(String text) {
        return switch (text) {
            case "<" -> RedirectionSyntax.Operator.READ;
            case ">" -> RedirectionSyntax.Operator.WRITE;
            case ">>" -> RedirectionSyntax.Operator.APPEND;
            case ">&" -> RedirectionSyntax.Operator.DUPLICATE;
            default -> RedirectionSyntax.Operator.WRITE_BOTH;
        };
    }

    /** The word with its quotes taken off, as a shell does. */
    private Word unquoted(WordContext word) {
        Span span = span(word);
        StringBuilder unquoted = new StringBuilder(span.length());
        char quote = 0;
        for (int i = span.start(); i < span.end(); i++) {
            char c = text.charAt(i);
            if (c == quote) {
                quote = 0;
            } else if (quote == 0 && (c == '\'' || c == '"')) {
                quote = c;
            } else if (c == '\\' && escapes(quote, text.charAt(i + 1))) {
                i++;
                unquoted.append(text.charAt(i));
            } else {
                unquoted.append(c);
            }
        }
        return new Word(unquoted.toString(), span);
    }

    private static boolean escapes(char quote, char next) {
        return quote == 0 || (quote == '"' && "\"\\$`|".indexOf(next) >= 0);
    }

    private static Span span(ParserRuleContext rule) {
        return new Span(rule.getStart().getStartIndex(), rule.getStop().getStopIndex() + 1);
    }
}
