package stunnel.runtime.ssh;

import java.io.BufferedReader;
import java.io.FileReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** The TCP ports that this host listens on, on whichever address: proc(5), /proc/net/tcp. */
final class ListeningPorts {
    private static final String LISTEN = "0A";
    private static final int HEXADECIMAL = 16;

    private ListeningPorts() {}

    /** As far as they can be read: it saves asking for them, no more. */
    static Set<Integer> now() {
        Set<Integer> ports = new HashSet<>();
        for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            try (BufferedReader lines = new BufferedReader(new FileReader(table, StandardCharsets.US_ASCII))) {
                addFrom(lines, ports);
            } catch (IOException e) {
                // A host without IPv6 has no such table.
            }
        }
        return ports;
    }

    /** The kernel lists those that listen first; a busy host has many others. */
    static void addFrom(BufferedReader lines, Set<Integer> ports) throws IOException {
        lines.readLine(); // the heading
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            // "   0: 0100007F:1F41 00000000:0000 0A ...": number, local address, remote address, state.
            int colon = line.indexOf(':', line.indexOf(':') + 1);
            int local = line.indexOf(' ', colon);
            int remote = line.indexOf(' ', local + 1);
            if (colon < 0 || local < 0 || remote < 0 || !line.startsWith(LISTEN, remote + 1)) {
                return;
            }
            ports.add(Integer.parseInt(line.substring(colon + 1, local), HEXADECIMAL));
        }
    }
}
