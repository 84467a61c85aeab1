package stunnel.manual;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import stunnel.cli.StunnelCommand;

/** Packages give the command another name: what users read has the name from OwnCommand, or from picocli's variable. */
class OwnCommandTest {
    /** A name for programs, of what wrote a SARIF file, is always the same. */
    private static final String SARIF = "json.writeStringField(\"name\", \"stunnel validate\");";

    @Test
    void isNamedNowhereElse() throws IOException {
        String commands =
                String.join("|", StunnelCommand.commandLine().getSubcommands().keySet());
        Pattern literal = Pattern.compile("^(?!\\s*(/?\\*|//)).*[\"` ]stunnel(:? \"|: | (" + commands + ")\\b).*");
        List<String> found = new ArrayList<>();
        for (String module : List.of("../runtime/src/main/java", "../parser/src/main")) {
            try (Stream<Path> files = Files.walk(Path.of(module))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.readAllLines(file).stream()
                            .filter(line -> literal.matcher(line).matches()
                                    && !line.strip().equals(SARIF))
                            .filter(line -> !line.startsWith("#"))
                            .forEach(line -> found.add(file + ": " + line.strip()));
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
