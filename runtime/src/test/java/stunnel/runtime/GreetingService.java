package stunnel.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Says one thing to everybody who connects to it, on a loopback port of its own. */
final class GreetingService implements AutoCloseable {
    private final ServerSocket socket;
    private final byte[] greeting;

    private GreetingService(ServerSocket socket, String greeting) {
        this.socket = socket;
        this.greeting = greeting.getBytes(StandardCharsets.UTF_8);
    }

    static GreetingService saying(String greeting) throws IOException {
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        GreetingService service = new GreetingService(socket, greeting);
        Thread thread = new Thread(service::serve, "greeting");
        thread.setDaemon(true);
        thread.start();
        return service;
    }

    /** What a port of this host says. */
    static String fetch(int port) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                client.getOutputStream().write(greeting);
            } catch (IOException e) {
                // One client less; or the test is over, and the socket closed.
            }
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
