package stunnel.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.DiagnosticPage;
import stunnel.diagnostic.Severity;
import stunnel.diagnostic.Source;
import stunnel.lint.Linter;
import stunnel.runtime.OwnCommand;

/** {@code stunnel validate}: what is wrong in the files of administrators and users, before a job finds out. */
@Command(
        name = "validate",
        description = {
            "Check plugstack.conf with what it includes, stunnel.conf, and the #SBATCH --tunnel lines of job scripts.",
            "Without FILE and --spec: the files of this system."
        },
        footer = {
            "",
            "Examples: ${ROOT-COMMAND-NAME} validate; ${ROOT-COMMAND-NAME} validate job.sh --strict; ${ROOT-COMMAND-NAME} validate --spec 8001:8000"
        },
        sortOptions = false)
final class ValidateCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";
    private static final Path ROOT = Path.of("/");

    @Parameters(paramLabel = "FILE", description = "What to check; - is standard input.")
    private List<String> files = new ArrayList<>();

    @Option(names = "--spec", paramLabel = "SPEC", description = "A value of --tunnel to check; may be repeated.")
    private List<String> specs = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "text|json|sarif",
            description = "How to say what was found; text if left out.")
    private String format = Report.TEXT.text();

    @Option(names = "--strict", description = "Exit with 1 after a warning too.")
    private boolean strict;

    @Option(names = "--quiet", description = "Only what was found.")
    private boolean quiet;

    @Option(names = "--explain", paramLabel = "ID", description = "Explain a diagnostic, such as not-a-port.")
    private Optional<String> explained = Optional.empty();

    @Mixin
    private Invocation invocation = new Invocation();

    @Override
    public Integer call() throws IOException {
        if (explained.isPresent()) {
            return explain(explained.get());
        }
        Report report =
                Report.of(format).orElseThrow(() -> invocation.wrong("--format is text, json or sarif, not " + format));
        List<Diagnostic> diagnostics = linted();
        System.out.print(report.of(diagnostics));
        if (report == Report.TEXT && !quiet) {
            Terminal.tell(summary(diagnostics));
        }
        return Diagnostic.anyError(diagnostics) || (strict && !diagnostics.isEmpty()) ? 1 : 0;
    }

    private List<Diagnostic> linted() throws IOException {
        Linter linter = new Linter(ROOT, Site.prefix(), Site.userId() == 0);
        for (String file : files) {
            lint(file, linter);
        }
        for (String spec : specs) {
            linter.spec(spec);
        }
        if (files.isEmpty() && specs.isEmpty()) {
            lintSystem(linter);
        }
        if (!linter.isPolicyKnown()) {
            Terminal.tell("the site's policy is not known, because its settings have an error: "
                    + OwnCommand.quoted("validate") + " shows it");
        }
        return linter.diagnostics();
    }

    private void lint(String file, Linter linter) throws IOException {
        if (file.equals(STANDARD_INPUT)) {
            linter.text(new Source(STANDARD_INPUT, new String(System.in.readAllBytes(), StandardCharsets.UTF_8)));
            return;
        }
        try {
            linter.file(Path.of(file));
        } catch (InvalidPathException e) {
            throw invocation.wrong(file + " is not the path of a file");
        }
    }

    private void lintSystem(Linter linter) throws IOException {
        List<Path> found = linter.systemFiles();
        if (found.isEmpty()) {
            throw invocation.wrong("there is no plugstack.conf and no stunnel.conf on this system; name a file");
        }
        for (Path file : found) {
            if (!quiet) {
                Terminal.tell("checking " + file);
            }
            linter.file(file);
        }
    }

    private int explain(String id) {
        for (DiagnosticId known : DiagnosticId.values()) {
            if (known.text().equals(id)) {
                System.out.print(DiagnosticPage.of(known).text());
                return 0;
            }
        }
        throw invocation.wrong("there is no diagnostic " + id + "; " + DiagnosticPage.suggestion(id));
    }

    private static String summary(List<Diagnostic> diagnostics) {
        int errors = 0;
        for (Diagnostic diagnostic : diagnostics) {
            errors += diagnostic.severity() == Severity.ERROR ? 1 : 0;
        }
        return diagnostics.isEmpty()
                ? "nothing is wrong"
                : counted(errors, "error") + ", " + counted(diagnostics.size() - errors, "warning");
    }

    private static String counted(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
