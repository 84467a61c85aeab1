package stunnel.parser;

import java.util.Optional;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.ForwardSyntax;
import stunnel.parser.syntax.Word;
import stunnel.plan.Direction;
import stunnel.plan.Host;
import stunnel.plan.Origin;

/** Compiles one forward whose shape is right: everything about it that does not depend on the others. */
final class ForwardCompiler {
    private final Findings findings;
    private final FieldCompiler fields;
    private final Names names;
    private final Origin origin;

    ForwardCompiler(Findings findings, FieldCompiler fields, Names names, Origin origin) {
        this.findings = findings;
        this.names = names;
        this.fields = fields;
        this.origin = origin;
    }

    /** The forward; empty if not even what it listens on is right. */
    Optional<ForwardRange> compile(ForwardSyntax syntax) {
        int before = findings.count();
        if (syntax.name().isPresent()) {
            names.check(syntax.name().get(), syntax.span());
        }
        Direction direction = direction(syntax);
        if (direction == Direction.DYNAMIC
                && syntax.bind().isPresent()
                && Text.isDigits(syntax.bind().get().text())) {
            // D1080:8000 has the shape of a bind and a port; it is meant as a port and a destination.
            Word listen = syntax.bind().get();
            Span destination = new Span(listen.span().end(), syntax.span().end());
            findings.add(DiagnosticId.DYNAMIC_WITH_DESTINATION, destination, "D" + listen.text());
            fields.listenPorts(listen);
            return Optional.empty();
        }
        Optional<Host> bind =
                syntax.bind().isPresent() ? fields.bind(syntax.bind().get()) : Optional.of(Host.LOOPBACK);
        Optional<End> listen = fields.listenEnd(syntax.listen());
        Optional<Host> host =
                syntax.host().isPresent() ? fields.host(syntax.host().get()) : Optional.of(Host.LOCALHOST);
        Optional<End> target =
                syntax.target().isPresent() ? fields.targetEnd(syntax.target().get()) : listen;
        if (listen.isPresent() && target.isPresent()) {
            checkRange(syntax, listen.get(), target.get());
        }
        if (bind.isEmpty() || listen.isEmpty()) {
            return Optional.empty();
        }
        boolean sound = findings.count() == before;
        return Optional.of(new ForwardRange(
                syntax,
                sound,
                direction,
                bind.get(),
                listen.get(),
                host.orElse(Host.LOCALHOST),
                target.orElse(listen.get())));
    }

    private Direction direction(ForwardSyntax syntax) {
        if (syntax.direction().isEmpty()) {
            return origin.defaultDirection();
        }
        return switch (syntax.direction().get().text()) {
            case "L" -> Direction.LOCAL;
            case "R" -> Direction.REMOTE;
            default -> Direction.DYNAMIC;
        };
    }

    private void checkRange(ForwardSyntax syntax, End listen, End target) {
        if (!listen.isRange() && !target.isRange()) {
            return;
        }
        Span ends = syntax.listen()
                .span()
                .to(syntax.target().orElse(syntax.listen()).span());
        if (listen.path().isPresent() || target.path().isPresent()) {
            findings.add(DiagnosticId.RANGE_TO_SOCKET, ends);
        } else if (listen.ports().isEmpty()) {
            findings.add(DiagnosticId.AUTO_WITH_RANGE, ends);
        } else {
            checkLengths(ends, listen.ports().get(), target.ports().orElseThrow());
        }
        if (syntax.name().isPresent()) {
            Word name = syntax.name().get();
            findings.add(DiagnosticId.NAMED_RANGE, name.span(), name.text());
        }
    }

    private void checkLengths(Span ends, PortRange listen, PortRange target) {
        if (listen.size() != target.size()) {
            int size = listen.isOnePort() ? target.size() : listen.size();
            String hint =
                    listen.resized(size).text() + " and " + target.resized(size).text();
            findings.add(DiagnosticId.RANGE_LENGTHS_DIFFER, ends, listen.described(), target.described(), hint);
        }
    }
}
