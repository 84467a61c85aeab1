package stunnel.grammar.diagram;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.antlr.v4.Tool;
import org.antlr.v4.parse.ANTLRParser;
import org.antlr.v4.tool.ast.GrammarAST;
import org.antlr.v4.tool.ast.GrammarRootAST;

/** A grammar file as one picture: its rules in their order, each with its name above. */
final class Picture {
    private static final int MARGIN = 20;
    private static final int NAME = 26;

    private final Svg svg = new Svg();
    private int width;
    private int bottom = MARGIN;

    private Picture() {}

    static String of(String grammar) {
        GrammarRootAST root = new Tool().parseGrammarFromString(grammar);
        Picture picture = new Picture();
        Map<String, String> literals = literals(rules(root));
        RuleReader reader = new RuleReader(literals);
        for (GrammarAST rule : rules(root)) {
            if (!literals.containsKey(name(rule))) {
                picture.add(name(rule), reader.track(block(rule)));
            }
        }
        String title = "Grammar " + root.getGrammarName();
        return picture.svg.document(title, picture.width, picture.bottom);
    }

    private void add(String name, Track track) {
        svg.text(MARGIN, bottom + 4, "name", name);
        int y = bottom + NAME + track.above();
        int end = 2 * MARGIN + track.width();
        svg.path("M%d %dv16".formatted(MARGIN, y - 8));
        svg.line(MARGIN, 2 * MARGIN, y);
        track.draw(svg, 2 * MARGIN, y);
        svg.line(end, end + MARGIN, y);
        svg.path("M%d %dv16".formatted(end + MARGIN, y - 8));
        bottom = y + Math.max(8, track.below()) + 2 * MARGIN;
        width = Math.max(width, end + 2 * MARGIN);
    }

    private static List<GrammarAST> rules(GrammarRootAST root) {
        List<GrammarAST> rules = new ArrayList<>();
        for (GrammarAST list : root.getNodesWithType(ANTLRParser.RULES)) {
            for (Object rule : list.getChildren()) {
                rules.add((GrammarAST) rule);
            }
        }
        return rules;
    }

    /** The tokens that are always the same text; they need no picture of their own. */
    private static Map<String, String> literals(List<GrammarAST> rules) {
        Map<String, String> literals = new HashMap<>();
        for (GrammarAST rule : rules) {
            GrammarAST tree = block(rule);
            while (tree.getChildCount() == 1) {
                tree = (GrammarAST) tree.getChild(0);
            }
            if (tree.getType() == ANTLRParser.STRING_LITERAL) {
                literals.put(name(rule), tree.getText());
            }
        }
        return literals;
    }

    private static String name(GrammarAST rule) {
        return rule.getChild(0).getText();
    }

    private static GrammarAST block(GrammarAST rule) {
        return (GrammarAST) rule.getFirstChildWithType(ANTLRParser.BLOCK);
    }
}
