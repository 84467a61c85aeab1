package stunnel.parser;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "255.255.255.255", "10.20.30.40"})
    void knowsIpv4(String text) {
        assertThat(IpAddress.isIpv4(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4.", ".1.2.3", "1..2.3", "1.2.3.a"
            })
    void knowsWhatIsNoIpv4(String text) {
        assertThat(IpAddress.isIpv4(text)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                ":::",
                "1",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1::2::3",
                "12345::",
                "g::",
                "1:",
                ":1",
                "1:2:3:4:5:6:7:",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1.2.3.4",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "fe80::1%eth0",
                "[::1]",
                " ::1"
            })
    void knowsWhatIsNoIpv6(String text) {
        assertThat(IpAddress.canonicalIpv6(text)).isEmpty();
    }

    @Test
    void writesEachIpv6AddressInOneWay() {
        assertThat(IpAddress.canonicalIpv6("::")).contains("0:0:0:0:0:0:0:0:");
        assertThat(IpAddress.canonicalIpv6("2001:DB8::0001")).contains("2001:db8:0:0:0:0:0:1:");
        assertThat(IpAddress.canonicalIpv6("1:2:3:4:5:6:7::")).contains("1:2:3:4:5:6:7:0:");
        assertThat(IpAddress.canonicalIpv6("::10.0.0.255")).contains("0:0:0:0:0:0:a00:ff:");
        assertThat(IpAddress.canonicalIpv6("1:2:3:4:5:6:7.8.9.10")).contains("1:2:3:4:5:6:708:90a:");
    }

    @Test
    void agreesWithTheJdkOnRandomText() throws UnknownHostException {
        long seed = 20_251_122L;
        Random random = new Random(seed);
        String alphabet = "::::0123abf.";
        for (int i = 0; i < 50_000; i++) {
            StringBuilder text = new StringBuilder(":");
            int length = random.nextInt(24);
            for (int j = 0; j < length; j++) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String address = random.nextBoolean() ? text.substring(1) : text.toString();
            boolean jdk = address.indexOf(':') >= 0 && isIpv6(address);
            assertThat(IpAddress.canonicalIpv6(address).isPresent())
                    .as("%s (seed %d)", address, seed)
                    .isEqualTo(jdk);
        }
    }

    /** With a colon in it the text is never resolved. The JDK takes 1.2.3.04 and 00001:: too, which RFC 4291 does not. */
    private static boolean isIpv6(String text) throws UnknownHostException {
        int dot = text.indexOf('.');
        if (text.matches(".*[0-9a-f]{5}.*")) {
            return false;
        }
        if (dot >= 0 && !IpAddress.isIpv4(text.substring(text.lastIndexOf(':') + 1))) {
            return false;
        }
        try {
            InetAddress address = InetAddress.getByName("[" + text + "]");
            return address instanceof Inet6Address || text.startsWith("::ffff:") || dot >= 0;
        } catch (UnknownHostException none) {
            return false;
        }
    }
}
