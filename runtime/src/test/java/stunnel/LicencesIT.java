package stunnel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What Maven knows of the jars that are installed (bom.json), and what packaging/copyright says of them. */
class LicencesIT {
    private static final Pattern STANZA =
            Pattern.compile("^Files: (.*)\\n(?:.*\\n)*?License: (.*)$", Pattern.MULTILINE);

    private final Map<String, String> known = licencesOfBom();

    @Test
    void knowsEveryInstalledJar() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of("target/lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString()).filter(name -> name.endsWith(".jar")))
                    .containsExactlyInAnyOrderElementsOf(known.keySet());
        }
    }

    @Test
    void saysUnderWhichLicenceEachIs() throws IOException {
        String copyright = Files.readString(Path.of("../packaging/copyright"));
        Map<String, String> said = new TreeMap<>();
        for (MatchResult stanza : STANZA.matcher(copyright).results().toList()) {
            for (String pattern : stanza.group(1).split(" ", -1)) {
                PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern.replace("*/", ""));
                known.keySet().stream()
                        .filter(jar -> matcher.matches(Path.of(jar)))
                        .forEach(jar -> said.put(jar, stanza.group(2)));
            }
        }
        assertThat(said).isEqualTo(known);
    }

    private static Map<String, String> licencesOfBom() {
        Map<String, String> licences = new TreeMap<>();
        try {
            JsonNode bom = new ObjectMapper().readTree(new File("target/bom.json"));
            for (JsonNode part : bom.get("components")) {
                licences.put(
                        part.get("name").asText() + "-" + part.get("version").asText() + ".jar",
                        StreamSupport.stream(part.get("licenses").spliterator(), false)
                                .map(licence -> licence.at("/license/id").asText())
                                .sorted()
                                .collect(Collectors.joining(" or ")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return licences;
    }
}
