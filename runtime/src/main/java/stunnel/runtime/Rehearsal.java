package stunnel.runtime;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import stunnel.config.SettingsCompiler;
import stunnel.diagnostic.Source;
import stunnel.runtime.posix.Posix;

/** Goes through what a tunnel takes without opening one, so that the JVM learns which classes belong into its archive. */
public final class Rehearsal {
    private static final String OWN_PACKAGES = "stunnel/";
    private static final String CLASS = ".class";

    /** Ends at once and leaves no control socket: as far as it goes without a host to connect to. */
    private static final String NO_SSH = "ssh_cmd=true";

    private final String prefix;

    private Rehearsal(String prefix) {
        this.prefix = prefix;
    }

    /** Arguments: the installation's prefix, and the jars whose classes are all wanted. */
    public static void main(String[] args) throws IOException, ClassNotFoundException {
        Rehearsal rehearsal = new Rehearsal(args[0]);
        rehearsal.ask("check", "8001:8000,web=L9000-9002:license_server:9000-9002,R[::1]:8002:8003,D1080");
        rehearsal.ask("check", "8001x:8000,70000");
        rehearsal.ask("open", "8001:8000,R*:8002:localhost:8003");
        // The requests found the settings kept.
        SettingsCompiler.compile(new Source("stunnel.conf", "start = warn"));
        for (int i = 1; i < args.length; i++) {
            loadClasses(args[i]);
        }
    }

    private void ask(String request, String spec) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Message message = Message.of("request", request)
                .with("context", "local")
                .with("origin", "srun")
                .with("prefix", prefix)
                .with("uid", Integer.toUnsignedString(Posix.system().userId()))
                .with("host", "login")
                .with("job", "1")
                .with("step", "0")
                .with("nodes", "cn[1-2]")
                .with("spec", spec)
                .with("option", NO_SSH);
        new MessageWriter(bytes).write(message);
        new Session(new ByteArrayInputStream(bytes.toByteArray()), OutputStream.nullOutputStream()).run();
    }

    /** What only a tunnel that comes up needs. */
    private static void loadClasses(String path) throws IOException, ClassNotFoundException {
        try (JarFile jar = new JarFile(path)) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                String name = entries.nextElement().getName();
                if (name.startsWith(OWN_PACKAGES) && name.endsWith(CLASS) && !name.contains("/cli/")) {
                    Class.forName(
                            name.substring(0, name.length() - CLASS.length()).replace('/', '.'));
                }
            }
        }
    }
}
