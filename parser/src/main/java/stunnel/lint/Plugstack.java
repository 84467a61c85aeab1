package stunnel.lint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import stunnel.diagnostic.Diagnostic;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Source;
import stunnel.parser.syntax.Word;

/** A plugstack.conf and the files it includes, in the order in which Slurm reads them. */
final class Plugstack {
    /** Slurm holds a descriptor for each. */
    private static final int DEEPEST = 100;

    private final Root root;
    private final PluginLine plugins;
    private final Deque<Path> open = new ArrayDeque<>();
    private final Set<Path> read = new HashSet<>();
    private final Map<String, List<Path>> expansions = new HashMap<>();
    private final Map<Path, Path> reals = new HashMap<>();
    private final List<Diagnostic> diagnostics = new ArrayList<>();

    Plugstack(Root root, PluginLine plugins) {
        this.root = root;
        this.plugins = plugins;
    }

    /** Reads a file and everything below it. */
    List<Diagnostic> lint(Source source, Path path) {
        Path real = real(path);
        open.push(real);
        read.add(real);
        Path parent = path.getParent();
        new PlugstackFile(source, parent == null ? Path.of("") : parent, this, plugins).lint();
        open.pop();
        return diagnostics;
    }

    void add(List<Diagnostic> found) {
        diagnostics.addAll(found);
    }

    /** Reads what an include line of a file in the folder stands for. */
    void include(Word pattern, Path folder, Findings findings) {
        String written = pattern.text();
        List<Path> paths = expanded(written, folder);
        if (paths.isEmpty() && !Glob.isPattern(written)) {
            findings.add(DiagnosticId.INCLUDE_WITHOUT_FILE, pattern.span(), written);
        }
        List<Source> sources = new ArrayList<>();
        List<Path> readable = new ArrayList<>();
        for (Path path : paths) {
            Path real = real(path);
            if (open.contains(real)) {
                findings.add(DiagnosticId.INCLUDE_CYCLE, pattern.span(), path.toString());
            } else if (open.size() >= DEEPEST) {
                unreadable(pattern, path, "it is included by more than " + DEEPEST + " others", findings);
            } else if (!read.contains(real)) {
                try {
                    sources.add(TextFile.read(path));
                    readable.add(path);
                } catch (IOException e) {
                    unreadable(pattern, path, TextFile.reason(e), findings);
                }
            } else if (plugins.isLoadedBelow(real)) {
                findings.add(DiagnosticId.PLUGIN_TWICE, pattern.span(), path + " is included a second time");
            }
        }
        add(findings.inOrder());
        for (int i = 0; i < sources.size(); i++) {
            lint(sources.get(i), readable.get(i));
        }
    }

    /** The files that an include line stands for; those of one line are looked for once. */
    private List<Path> expanded(String written, Path folder) {
        String key = folder + "\0" + written;
        List<Path> paths = expansions.get(key);
        if (paths == null) {
            boolean isPath = root.resolve(folder, written).isPresent();
            paths = isPath ? Glob.expand(written.startsWith("/") ? root.path() : folder, written) : List.of();
            expansions.put(key, paths);
        }
        return paths;
    }

    /** The files that are being read, each included by the next. */
    List<Path> open() {
        return List.copyOf(open);
    }

    private static void unreadable(Word pattern, Path path, String reason, Findings findings) {
        findings.add(DiagnosticId.INCLUDE_UNREADABLE, pattern.span(), path.toString(), reason);
    }

    /** The path that tells a file from any other; asked for once. */
    private Path real(Path path) {
        Path real = reals.get(path);
        if (real == null) {
            try {
                real = path.toRealPath();
            } catch (IOException e) {
                real = path.toAbsolutePath().normalize();
            }
            reals.put(path, real);
        }
        return real;
    }
}
