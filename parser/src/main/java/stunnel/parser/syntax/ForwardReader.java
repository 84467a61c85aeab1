package stunnel.parser.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import stunnel.diagnostic.Span;
import stunnel.grammar.TunnelSpecLexer;
import stunnel.grammar.TunnelSpecParser;
import stunnel.grammar.TunnelSpecParser.ForwardContext;

/** Reads forwards with the grammar; it repairs nothing, since whoever explains the mistake looks at the text. */
final class ForwardReader {
    private final String text;

    ForwardReader(String text) {
        this.text = text;
    }

    Optional<List<ForwardSyntax>> read(Span span) {
        TunnelSpecLexer lexer = new TunnelSpecLexer(new TextStream(text, span.start(), span.end()));
        lexer.removeErrorListeners();
        TunnelSpecParser parser = new TunnelSpecParser(new CommonTokenStream(lexer));
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        // What may follow a rule is the same wherever it is used in a decision, so SLL decides as LL would.
        parser.getInterpreter().setPredictionMode(PredictionMode.SLL);
        try {
            return forwards(parser.spec().forward());
        } catch (ParseCancellationException wrongShape) {
            return Optional.empty();
        }
    }

    private Optional<List<ForwardSyntax>> forwards(List<ForwardContext> contexts) {
        List<ForwardSyntax> forwards = new ArrayList<>(contexts.size());
        for (ForwardContext context : contexts) {
            Draft draft = new Draft();
            place(context, draft);
            if (draft.direction.isEmpty() && draft.bind.isPresent() && beginsWithDirection(draft.bind.get())) {
                return Optional.empty();
            }
            forwards.add(draft.finished(word(context).span()));
        }
        return Optional.of(forwards);
    }

    /** A capital L, R or D at the start is the direction, also where the grammar finds a host there. */
    private static boolean beginsWithDirection(Word bind) {
        return "LRD".indexOf(bind.text().charAt(0)) >= 0;
    }

    private void place(ParserRuleContext context, Draft draft) {
        for (ParseTree child : context.children) {
            if (child instanceof ParserRuleContext rule) {
                placeRule(rule, draft);
            } else if (child instanceof TerminalNode node && node.getSymbol().getType() == TunnelSpecParser.DYNAMIC) {
                int start = node.getSymbol().getStartIndex();
                draft.direction = Optional.of(Word.at(new Span(start, start + 1), text));
            }
        }
    }

    private void placeRule(ParserRuleContext rule, Draft draft) {
        switch (rule.getRuleIndex()) {
            case TunnelSpecParser.RULE_ends -> place(rule, draft);
            case TunnelSpecParser.RULE_name -> draft.name = Optional.of(word(rule));
            case TunnelSpecParser.RULE_direction -> draft.direction = Optional.of(word(rule));
            case TunnelSpecParser.RULE_bind -> draft.bind = Optional.of(word(rule));
            case TunnelSpecParser.RULE_host -> draft.host = Optional.of(word(rule));
            default -> draft.end(word(rule));
        }
    }

    private Word word(ParserRuleContext rule) {
        return Word.at(new Span(rule.getStart().getStartIndex(), rule.getStop().getStopIndex() + 1), text);
    }

    /** A forward while its fields are collected. */
    private static final class Draft {
        private Optional<Word> name = Optional.empty();
        private Optional<Word> direction = Optional.empty();
        private Optional<Word> bind = Optional.empty();
        private Optional<Word> listen = Optional.empty();
        private Optional<Word> host = Optional.empty();
        private Optional<Word> target = Optional.empty();

        void end(Word word) {
            if (listen.isEmpty()) {
                listen = Optional.of(word);
            } else {
                target = Optional.of(word);
            }
        }

        ForwardSyntax finished(Span span) {
            return new ForwardSyntax(span, name, direction, bind, listen.orElseThrow(), host, target);
        }
    }
}
