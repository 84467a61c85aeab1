package stunnel.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import stunnel.config.SshSettings;
import stunnel.runtime.ssh.TrialTunnel;

/** A host to connect to, before ssh does: its name, its port, its greeting. */
final class FarSide {
    private static final String NAME = "name";
    private static final String PORT = "port";
    private static final int LONGEST_GREETING = 255;

    private final SshSettings settings;
    private final Place place;
    private final String host;
    private final Program configuration;
    private List<InetAddress> addresses = List.of();

    /** What ssh says of the host with -G. */
    FarSide(SshSettings settings, Place place, String host, Program configuration) {
        this.settings = settings;
        this.place = place;
        this.host = host;
        this.configuration = configuration;
    }

    Check name() {
        if (!configuration.isSuccess()) {
            return wrong(NAME, configuration.firstLine());
        }
        String name = configuration.value("hostname").orElse(host);
        if (goesAnotherWay()) {
            return Check.skipped(NAME, "ssh goes through another host or program (ProxyJump, ProxyCommand)");
        }
        try {
            addresses = List.of(InetAddress.getAllByName(name));
            String address = addresses.get(0).getHostAddress();
            return Check.ok(NAME, name.equals(host) ? host + " is " + address : host + " is " + name + ", " + address);
        } catch (UnknownHostException e) {
            return wrong(NAME, "Could not resolve hostname " + name);
        }
    }

    private boolean goesAnotherWay() {
        return configuration
                        .value("proxyjump")
                        .filter(value -> !value.equals("none"))
                        .isPresent()
                || configuration
                        .value("proxycommand")
                        .filter(value -> !value.equals("none"))
                        .isPresent();
    }

    /** Connects to the addresses in turn, as ssh does, and reads the line that every sshd begins with. */
    Check port() {
        if (addresses.isEmpty()) {
            return Check.skipped(PORT, "ssh goes through another host or program");
        }
        int port = Integer.parseInt(configuration.value("port").orElse("22"));
        Check last = Check.skipped(PORT, "no address");
        for (InetAddress address : addresses) {
            last = port(new InetSocketAddress(address, port));
            if (!last.isWrong()) {
                return last;
            }
        }
        return last;
    }

    private Check port(InetSocketAddress address) {
        String where =
                "port " + address.getPort() + " of " + address.getAddress().getHostAddress();
        int limit = (int) settings.connectTimeout().toMillis();
        try (Socket socket = new Socket()) {
            long start = System.nanoTime();
            socket.connect(address, limit);
            double millis = (System.nanoTime() - start) / 1e6;
            socket.setSoTimeout(limit);
            String greeting = greeting(socket);
            return greeting.startsWith("SSH-")
                    ? Check.ok(PORT, "%s: %s, after %.1f ms".formatted(where, greeting, millis))
                    : wrong(PORT, where + " is no sshd's: kex_exchange_identification: Connection closed");
        } catch (IOException e) {
            return wrong(PORT, where + ": " + e.getMessage());
        }
    }

    private static String greeting(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = socket.getInputStream().read(); b > ' ' && line.length() < LONGEST_GREETING; ) {
            line.append((char) b);
            b = socket.getInputStream().read();
        }
        return new String(line.toString().getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII)
                .replaceAll("\\p{Cntrl}", "?");
    }

    private Check wrong(String name, String words) {
        return Check.wrong(name, words, TrialTunnel.nextStep(List.of(words), place.host(), host));
    }
}
