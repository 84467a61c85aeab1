package stunnel.grammar.diagram;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.antlr.v4.parse.ANTLRParser;
import org.antlr.v4.tool.ast.GrammarAST;
import stunnel.grammar.diagram.Track.Choice;
import stunnel.grammar.diagram.Track.Loop;
import stunnel.grammar.diagram.Track.Sequence;
import stunnel.grammar.diagram.Track.Station;
import stunnel.grammar.diagram.Track.Straight;

/** Turns ANTLR's own tree of a rule into railway. */
final class RuleReader {
    private final Map<String, String> literals;

    /** Draws a token that is always the same text as that text. */
    RuleReader(Map<String, String> literals) {
        this.literals = literals;
    }

    Track track(GrammarAST tree) {
        return switch (tree.getType()) {
            case ANTLRParser.BLOCK, ANTLRParser.SET -> choice(tree);
            case ANTLRParser.ALT -> sequence(tree);
            case ANTLRParser.LEXER_ALT_ACTION -> track(child(tree));
            case ANTLRParser.OPTIONAL -> new Choice(List.of(new Straight(), track(child(tree))));
            case ANTLRParser.POSITIVE_CLOSURE -> new Loop(track(child(tree)));
            case ANTLRParser.CLOSURE -> new Choice(List.of(new Straight(), new Loop(track(child(tree)))));
            case ANTLRParser.NOT -> new Station("not " + text(child(tree)), true);
            case ANTLRParser.WILDCARD -> new Station("any character", true);
            case ANTLRParser.RULE_REF -> new Station(tree.getText(), false);
            case ANTLRParser.TOKEN_REF -> new Station(literals.getOrDefault(tree.getText(), tree.getText()), true);
            case ANTLRParser.STRING_LITERAL, ANTLRParser.LEXER_CHAR_SET -> new Station(tree.getText(), true);
            default -> throw new IllegalArgumentException(tree.toStringTree());
        };
    }

    private Track choice(GrammarAST block) {
        List<Track> tracks = tracks(block);
        return tracks.size() == 1 ? tracks.get(0) : new Choice(tracks);
    }

    private Track sequence(GrammarAST alternative) {
        List<Track> tracks = tracks(alternative);
        return tracks.size() == 1 ? tracks.get(0) : new Sequence(tracks);
    }

    private List<Track> tracks(GrammarAST tree) {
        List<Track> tracks = new ArrayList<>();
        for (Object child : tree.getChildren()) {
            tracks.add(track((GrammarAST) child));
        }
        return tracks;
    }

    private static GrammarAST child(GrammarAST tree) {
        return (GrammarAST) tree.getChild(0);
    }

    private static String text(GrammarAST set) {
        List<String> texts = new ArrayList<>();
        for (Object child : set.getChildren() == null ? List.of(set) : set.getChildren()) {
            texts.add(((GrammarAST) child).getText());
        }
        return String.join(" or ", texts);
    }
}
