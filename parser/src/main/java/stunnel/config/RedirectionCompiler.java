package stunnel.config;

import java.util.List;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.parser.syntax.RedirectionSyntax;
import stunnel.parser.syntax.RedirectionSyntax.Operator;
import stunnel.parser.syntax.Word;

/** The compiler of one redirection of helpertask_args. */
final class RedirectionCompiler {
    private RedirectionCompiler() {}

    /** What it means, in order; nothing if something was found. */
    static List<Redirection> compile(RedirectionSyntax syntax, Findings findings) {
        int before = findings.count();
        int fd = syntax.operator() == Operator.READ ? 0 : 1;
        if (syntax.fd().isPresent()) {
            fd = descriptor(syntax.fd().get(), findings);
        }
        int source = 0;
        Word target = syntax.target();
        if (syntax.operator() == Operator.DUPLICATE) {
            source = descriptor(target, findings);
        } else {
            PathTemplate.check(target, findings);
        }
        if (findings.count() > before) {
            return List.of();
        }
        warnOfSharedLog(syntax, findings);
        return switch (syntax.operator()) {
            case READ -> List.of(new Redirection.Read(fd, target.text()));
            case WRITE -> List.of(new Redirection.Write(fd, target.text()));
            case APPEND -> List.of(new Redirection.Append(fd, target.text()));
            case DUPLICATE -> List.of(new Redirection.Duplicate(fd, source));
            case WRITE_BOTH -> List.of(new Redirection.Write(1, target.text()), new Redirection.Duplicate(2, 1));
        };
    }

    private static int descriptor(Word word, Findings findings) {
        String text = word.text();
        if (!text.equals("0") && !text.equals("1") && !text.equals("2")) {
            findings.add(DiagnosticId.BAD_DESCRIPTOR, word.span(), text);
            return 0;
        }
        return text.charAt(0) - '0';
    }

    /** In a folder that everybody can write to, a fixed name is the first user's. */
    private static void warnOfSharedLog(RedirectionSyntax syntax, Findings findings) {
        String path = syntax.target().text();
        boolean written = syntax.operator() != Operator.READ && syntax.operator() != Operator.DUPLICATE;
        boolean shared = path.startsWith("/tmp/") || path.startsWith("/var/tmp/") || path.startsWith("/dev/shm/");
        if (written && shared && !PathTemplate.names(path, 'u') && !PathTemplate.names(path, 'j')) {
            int dot = path.lastIndexOf('.');
            int end = dot > path.lastIndexOf('/') + 1 ? dot : path.length();
            String own = path.substring(0, end) + "-%u" + path.substring(end);
            findings.add(DiagnosticId.SHARED_LOG, syntax.target().span(), path, own);
        }
    }
}
