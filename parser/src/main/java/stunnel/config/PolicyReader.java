package stunnel.config;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import stunnel.parser.syntax.Word;
import stunnel.plan.BindRule;
import stunnel.plan.DestinationRule;
import stunnel.plan.Direction;
import stunnel.plan.Policy;
import stunnel.plan.PortSet;

/** Takes the policy out of a settings file. */
final class PolicyReader {
    private final SettingsReader reader;

    PolicyReader(SettingsReader reader) {
        this.reader = reader;
    }

    Policy read() {
        PortSet listenPorts = reader.portsOrNone("policy.listen-ports", "policy.listen-ports = [8000-8999]");
        PortSet autoPorts = reader.ports("policy.auto-ports", "policy.auto-ports = [20000-29999]");
        PortSet both = autoPorts.and(listenPorts);
        return new Policy(
                directions(),
                listenPorts,
                both.isEmpty() ? listenPorts : both,
                binds(),
                destinations(),
                reader.integer("policy.forwards", 0, Policy.MOST_FORWARDS));
    }

    private Set<Direction> directions() {
        String path = "policy.directions";
        String example = path + " = [L, R]";
        Set<Direction> directions = EnumSet.noneOf(Direction.class);
        for (Word word : reader.words(path, example)) {
            boolean known = false;
            for (Direction direction : Direction.values()) {
                if (word.text().equals(String.valueOf(direction.letter()))) {
                    known = true;
                    directions.add(direction);
                }
            }
            if (!known) {
                reader.addWrongElement(path, word, "none of L, R and D", example);
            }
        }
        return directions;
    }

    private List<BindRule> binds() {
        String path = "policy.binds";
        String example = path + " = [loopback]";
        List<BindRule> rules = new ArrayList<>();
        for (Word word : reader.words(path, example)) {
            Optional<BindRule> rule = BindRule.of(word.text());
            if (rule.isPresent()) {
                rules.add(rule.get());
            } else {
                reader.addWrongElement(path, word, "no address", example);
            }
        }
        return rules;
    }

    private List<DestinationRule> destinations() {
        String path = "policy.destinations";
        String example = path + " = [\"localhost:*\", \"*.example.org:443\", \"/run/*\"]";
        List<DestinationRule> rules = new ArrayList<>();
        for (Word word : reader.words(path, example)) {
            Optional<DestinationRule> rule = DestinationRule.of(word.text());
            if (rule.isPresent()) {
                rules.add(rule.get());
            } else {
                reader.addWrongElement(path, word, "no destination", example);
            }
        }
        return rules;
    }
}
