package stunnel.fuzz;

import java.nio.file.Path;
import java.util.List;
import stunnel.config.PluginArgument;
import stunnel.config.SettingsCompiler;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.Source;
import stunnel.lint.Linter;
import stunnel.parser.TunnelCompiler;
import stunnel.plan.Origin;

/** What is compiled out of texts that anybody may have written. */
@SuppressWarnings("ImmutableEnumChecker") // List.of
enum Language {
    /** The value of {@code --tunnel}. */
    SPEC(
            List.of(".tunnel"),
            List.of(
                    "8001",
                    "8000-8009",
                    "auto",
                    ":",
                    "::",
                    ",",
                    "L",
                    "R",
                    "D",
                    "-",
                    "=",
                    "[",
                    "]",
                    "[::1]",
                    "*",
                    ".")) {
        @Override
        List<Diagnostic> compile(Source source) {
            return TunnelCompiler.compile(source, Origin.SRUN, false).diagnostics();
        }
    },
    /** One option of the plugstack line. */
    OPTION(
            List.of(".options"),
            List.of(
                    "ssh_args=",
                    "helpertask_args=",
                    "conf=",
                    "|",
                    "-o",
                    "'",
                    "\"",
                    "\\",
                    ">",
                    ">>",
                    "2>&1",
                    "<",
                    "$",
                    "`")) {
        @Override
        List<Diagnostic> compile(Source source) {
            PluginArgument option = new PluginArgument(source, source.span());
            return SettingsCompiler.compile(List.of(option), NOWHERE, NOWHERE).diagnostics();
        }
    },
    /** plugstack.conf. */
    PLUGSTACK(
            List.of(".plugstack"),
            List.of(
                    "required ",
                    "optional ",
                    "include ",
                    "/x-stunnel.so ",
                    "x.so",
                    "ssh_args=",
                    "|",
                    "#",
                    "\\",
                    "\"",
                    "\r")) {
        @Override
        List<Diagnostic> compile(Source source) {
            return lint(new Source("/nonexistent/plugstack.conf", source.text()));
        }
    },
    /** A script for sbatch. */
    JOB_SCRIPT(
            List.of(".sbatch"),
            List.of("\n#SBATCH ", "--tunnel=", "--tunnel ", "8001", ",", "'", "\"", "\\", "#", "\r\n")) {
        @Override
        List<Diagnostic> compile(Source source) {
            return lint(new Source("job.sh", "#!/bin/sh\n" + source.text()));
        }
    },
    /** stunnel.conf. */
    SETTINGS(
            List.of(".conf"),
            List.of(
                    "ssh",
                    "control.dir",
                    "start",
                    "{",
                    "}",
                    "[",
                    "]",
                    "=",
                    "+=",
                    ":",
                    ".",
                    "${",
                    "\"",
                    "\"\"\"",
                    "#",
                    ",")) {
        @Override
        List<Diagnostic> compile(Source source) {
            return lint(new Source("/nonexistent/stunnel.conf", source.text()));
        }
    };

    private static final Path NOWHERE = Path.of("/nonexistent");

    private final List<String> suffixes;
    private final List<String> pieces;

    Language(List<String> suffixes, List<String> pieces) {
        this.suffixes = suffixes;
        this.pieces = pieces;
    }

    /** Compiles a text, whatever it is. */
    abstract List<Diagnostic> compile(Source source);

    /** How the names of its golden cases end. */
    List<String> suffixes() {
        return suffixes;
    }

    /** What its texts are made of. */
    List<String> pieces() {
        return pieces;
    }

    private static List<Diagnostic> lint(Source source) {
        Linter linter = new Linter(NOWHERE, NOWHERE, false);
        linter.text(source);
        return linter.diagnostics();
    }
}
