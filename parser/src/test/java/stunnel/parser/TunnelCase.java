package stunnel.parser;

import java.util.Collections;
import java.util.List;
import stunnel.cases.CaseFile;
import stunnel.diagnostic.Source;
import stunnel.plan.Origin;

/** A {@code .tunnel} file: the value in its first line, and below it who types it and how often. */
record TunnelCase(Source source, Origin origin, boolean privileged) {

    static TunnelCase of(CaseFile file) {
        List<String> lines = file.text().lines().toList();
        String value = lines.get(0);
        Origin origin = Origin.SRUN;
        boolean privileged = false;
        for (String directive : lines.subList(1, lines.size())) {
            String[] words = directive.split(" ", 2);
            if (words[0].equals("times")) {
                value = String.join(",", Collections.nCopies(Integer.parseInt(words[1]), value));
            } else if (words[1].equals("root")) {
                privileged = true;
            } else {
                origin = Origin.of(words[1]).orElseThrow();
            }
        }
        return new TunnelCase(new Source("--tunnel", value), origin, privileged);
    }

    Compilation compile() {
        return TunnelCompiler.compile(source, origin, privileged);
    }
}
