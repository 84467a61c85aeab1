package stunnel.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipException;
import stunnel.runtime.posix.Posix;

/** Java, the jars, and the archive of their classes. That Java runs at all, bin/stunnel has seen. */
final class Installation {
    private static final String INSTALL = "install the plugin again on this host";

    private final Place place;

    Installation(Place place) {
        this.place = place;
    }

    Check java() {
        Path link = place.program("java");
        try {
            return Check.ok("java", "Java " + Runtime.version() + ", " + link.toRealPath() + ", by " + link);
        } catch (IOException e) {
            return Check.wrong("java", link + " leads nowhere", "let it link to a Java 17 or newer");
        }
    }

    Check jars() {
        Path runtime = place.jars().resolve("stunnel-runtime.jar");
        try (JarFile jar = new JarFile(runtime.toFile())) {
            List<String> names = new ArrayList<>(List.of(runtime.getFileName().toString()));
            String classPath = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            names.addAll(List.of(classPath.split(" ")));
            for (String name : names) {
                Optional<String> damage = damage(place.jars().resolve(name));
                if (damage.isPresent()) {
                    return Check.wrong("jars", damage.get(), INSTALL);
                }
            }
            Posix.system().userId();
            return Check.ok("jars", names.size() + " and the native library, in " + place.jars());
        } catch (IOException e) {
            return Check.wrong("jars", runtime + " cannot be read: " + e.getMessage(), INSTALL);
        } catch (RuntimeException | LinkageError e) {
            return Check.wrong(
                    "jars",
                    "the native library is not usable: " + e.getMessage(),
                    "raise `ulimit -n` and `ulimit -v`, or " + INSTALL);
        }
    }

    private static Optional<String> damage(Path path) {
        if (!Files.isReadable(path)) {
            return Optional.of(path + (Files.exists(path) ? " is not readable" : " is missing"));
        }
        try {
            new JarFile(path.toFile()).close();
            return Optional.empty();
        } catch (ZipException e) {
            return Optional.of(path + " is damaged");
        } catch (IOException e) {
            return Optional.of(path + " cannot be read: " + e.getMessage());
        }
    }

    /** As the keeper looks for it, and as the JVM takes it. */
    Check archive() {
        String tune = "run " + place.program("stunnel-tune")
                + " as the owner of the installation: tunnels open sooner with one";
        Optional<Program> named =
                Program.run(List.of(place.program("stunnel-keeper").toString(), "--archive"));
        if (named.isEmpty() || !named.get().isSuccess()) {
            return Check.wrong(
                    "archive",
                    named.isEmpty()
                            ? place.program("stunnel-keeper") + " cannot be run"
                            : named.get().firstLine(),
                    INSTALL);
        }
        Path archive = Path.of(named.get().firstLine());
        if (!Files.isReadable(archive)) {
            return Check.warning("archive", "there is none for this Java and these jars", tune);
        }
        Optional<Program> tried = Program.run(List.of(
                place.program("java").toString(),
                "@" + place.jars().resolve("jvm.options"),
                "-Djna.boot.library.path=" + place.jars(),
                "-Xshare:on",
                "-XX:SharedArchiveFile=" + archive,
                "-cp",
                place.jars().resolve("stunnel-runtime.jar").toString(),
                "-version"));
        return tried.isPresent() && tried.get().isSuccess()
                ? Check.ok("archive", "in use: " + archive)
                : Check.warning("archive", "this Java refuses " + archive, "remove it, and " + tune);
    }
}
