package stunnel.dsl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.ForwardSyntax;
import stunnel.parser.syntax.Word;
import stunnel.plan.Direction;

/**
 * Writes forwards as text, and notes which word stands where: the compiler is given the words, so that no character in one
 * of them makes it two.
 */
final class TunnelWriter {
    private final StringBuilder text = new StringBuilder();
    private final List<ForwardSyntax> syntax = new ArrayList<>();

    TunnelWriter(List<Forwarding> forwardings) {
        for (Forwarding forwarding : forwardings) {
            text.append(text.isEmpty() ? "" : ",");
            write(forwarding);
        }
    }

    String text() {
        return text.toString();
    }

    List<ForwardSyntax> syntax() {
        return List.copyOf(syntax);
    }

    private void write(Forwarding forwarding) {
        int start = text.length();
        Optional<Word> name = forwarding.name().map(each -> word(each, "="));
        Word direction = word(String.valueOf(forwarding.direction().letter()), "");
        Optional<Word> bind = forwarding.bind().map(each -> word(address(each), ":"));
        boolean dynamic = forwarding.direction() == Direction.DYNAMIC;
        Word listen = word(forwarding.listen().text(), dynamic ? "" : ":");
        Optional<Word> host = host(forwarding).map(each -> word(address(each), ":"));
        Optional<Word> target = forwarding.target().map(each -> word(each.text(), ""));
        Span span = new Span(start, text.length());
        syntax.add(new ForwardSyntax(span, name, Optional.of(direction), bind, listen, host, target));
    }

    /** The language wants a host wherever there is a bind. */
    private static Optional<String> host(Forwarding forwarding) {
        if (forwarding.target().orElse(null) instanceof HostPorts named) {
            return Optional.of(named.host().name());
        }
        boolean needed = forwarding.bind().isPresent() && forwarding.target().isPresent();
        return needed ? Optional.of("localhost") : Optional.empty();
    }

    private static String address(String host) {
        return host.indexOf(':') < 0 || host.startsWith("[") ? host : "[" + host + "]";
    }

    private Word word(String word, String separator) {
        Span span = new Span(text.length(), text.length() + word.length());
        text.append(word).append(separator);
        return new Word(word, span);
    }
}
