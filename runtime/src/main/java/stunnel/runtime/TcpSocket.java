package stunnel.runtime;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stunnel.plan.Host;

/**
 * A TCP socket of this host, as proc(5) tells of it in /proc/net/tcp.
 *
 * @param address the local one
 * @param port the local one
 * @param listens whether it takes connections
 * @param uid whose it is
 * @param link what the descriptors of its processes lead to, in /proc/PID/fd
 */
record TcpSocket(InetAddress address, int port, boolean listens, int uid, String link) {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
    private static final String LISTEN = "0A";
    private static final int HEXADECIMAL = 16;
    private static final int WORD_DIGITS = 8;

    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int UID = 7;
    private static final int INODE = 9;

    /** Those of both families, as far as the tables can be read. */
    static List<TcpSocket> all() {
        List<TcpSocket> sockets = new ArrayList<>();
        for (Path table : TABLES) {
            try {
                for (String line : Files.readAllLines(table, StandardCharsets.US_ASCII)) {
                    of(line).ifPresent(sockets::add);
                }
            } catch (IOException e) {
                // A host without IPv6 has no such table.
            }
        }
        return sockets;
    }

    /** Empty for the heading. */
    static Optional<TcpSocket> of(String line) throws UnknownHostException {
        String[] fields = line.strip().split(" +", -1);
        int colon = fields.length > INODE ? fields[LOCAL].indexOf(':') : -1;
        if (colon < 0) {
            return Optional.empty();
        }
        return Optional.of(new TcpSocket(
                address(fields[LOCAL].substring(0, colon)),
                Integer.parseInt(fields[LOCAL].substring(colon + 1), HEXADECIMAL),
                fields[STATE].equals(LISTEN),
                Integer.parseUnsignedInt(fields[UID]),
                "socket:[" + fields[INODE] + "]"));
    }

    /** The kernel writes the bytes of an address as numbers of four, each in the machine's order. */
    private static InetAddress address(String digits) throws UnknownHostException {
        ByteBuffer bytes = ByteBuffer.allocate(digits.length() / 2).order(ByteOrder.nativeOrder());
        for (int at = 0; at < digits.length(); at += WORD_DIGITS) {
            bytes.putInt(Integer.parseUnsignedInt(digits.substring(at, at + WORD_DIGITS), HEXADECIMAL));
        }
        return InetAddress.getByAddress(bytes.array());
    }

    /** Whether nobody else can listen on that port of {@code bind} meanwhile; a name is not looked up. */
    boolean isInTheWayOf(Host bind) {
        if (!listens || address.isAnyLocalAddress() || bind.isAny()) {
            return listens;
        }
        boolean literal = bind.isIpv6() || bind.name().matches("[0-9.]+");
        try {
            InetAddress wanted = literal ? InetAddress.getByName(bind.name()) : address;
            return wanted.isAnyLocalAddress() || wanted.equals(address);
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
