package stunnel.parser;

import java.util.Collections;
import java.util.List;
import stunnel.cases.CaseFile;
import stunnel.config.SettingsCompilation;
import stunnel.config.SettingsCompiler;
import stunnel.diagnostic.Source;
import stunnel.plan.Origin;
import stunnel.plan.Policy;

/** A {@code .tunnel} file: the value in its first line, and below it who types it, how often, and the settings of the site. */
record TunnelCase(Source source, Origin origin, boolean privileged, Policy policy) {

    static TunnelCase of(CaseFile file) {
        List<String> lines = file.text().lines().toList();
        String value = lines.get(0);
        Origin origin = Origin.SRUN;
        boolean privileged = false;
        StringBuilder settings = new StringBuilder();
        for (String directive : lines.subList(1, lines.size())) {
            String[] words = directive.split(" ", 2);
            if (words[0].equals("times")) {
                value = String.join(",", Collections.nCopies(Integer.parseInt(words[1]), value));
            } else if (words[0].equals("conf")) {
                settings.append(words[1]).append('\n');
            } else if (words[1].equals("root")) {
                privileged = true;
            } else {
                origin = Origin.of(words[1]).orElseThrow();
            }
        }
        SettingsCompilation site = SettingsCompiler.compile(new Source("stunnel.conf", settings.toString()));
        Policy policy = site.settings().orElseThrow().policy();
        return new TunnelCase(new Source("--tunnel", value), origin, privileged, policy);
    }

    Compilation compile() {
        return TunnelCompiler.compile(source, origin, privileged, policy);
    }
}
