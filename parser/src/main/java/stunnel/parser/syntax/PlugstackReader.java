package stunnel.parser.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import stunnel.diagnostic.Span;
import stunnel.grammar.PlugstackLexer;
import stunnel.grammar.PlugstackParser;
import stunnel.grammar.PlugstackParser.EntryContext;
import stunnel.grammar.PlugstackParser.LineContext;

/** Reads a line with the grammar, which has a rule for each: Slurm reads on after every mistake. */
final class PlugstackReader {
    private final String text;

    PlugstackReader(String text) {
        this.text = text;
    }

    PlugstackLine read(Span span) {
        PlugstackLexer lexer = new PlugstackLexer(new TextStream(text, span.start(), span.end()));
        lexer.removeErrorListeners();
        PlugstackParser parser = new PlugstackParser(new CommonTokenStream(lexer));
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        LineContext line = parser.line();
        Optional<Span> comment = line.COMMENT() == null
                ? Optional.empty()
                : Optional.of(span(line.COMMENT().getSymbol()));
        if (line.entry() == null) {
            return new PlugstackLine(PlugstackLine.Kind.EMPTY, List.of(), comment);
        }
        List<Word> words = new ArrayList<>();
        addWords(line.entry(), words);
        return new PlugstackLine(kind(line.entry()), words, comment);
    }

    private static PlugstackLine.Kind kind(EntryContext entry) {
        if (entry instanceof PlugstackParser.PluginEntryContext plugin) {
            boolean required = plugin.flag() instanceof PlugstackParser.RequiredPluginContext;
            return required ? PlugstackLine.Kind.REQUIRED : PlugstackLine.Kind.OPTIONAL;
        }
        if (entry instanceof PlugstackParser.IncludeEntryContext) {
            return PlugstackLine.Kind.INCLUDE;
        }
        return entry instanceof PlugstackParser.ForeignEntryContext
                ? PlugstackLine.Kind.FOREIGN
                : PlugstackLine.Kind.KEYWORD_ALONE;
    }

    private void addWords(ParserRuleContext rule, List<Word> words) {
        for (ParseTree child : rule.children) {
            if (child instanceof TerminalNode node) {
                words.add(Word.at(span(node.getSymbol()), text));
            } else {
                addWords((ParserRuleContext) child, words);
            }
        }
    }

    private static Span span(Token token) {
        return new Span(token.getStartIndex(), token.getStopIndex() + 1);
    }
}
