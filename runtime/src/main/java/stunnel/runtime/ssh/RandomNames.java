package stunnel.runtime.ssh;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Unpredictable names for control directories. Read from the kernel: SecureRandom would load a hundred classes for ten letters. */
final class RandomNames {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int LETTERS = 10;

    private final String prefix;

    private RandomNames(String prefix) {
        this.prefix = prefix;
    }

    static RandomNames of(int uid) {
        return new RandomNames("stunnel-" + uid + "-");
    }

    String next() {
        StringBuilder name = new StringBuilder(prefix);
        for (byte random : randomBytes()) {
            name.append(ALPHABET.charAt(random & (ALPHABET.length() - 1)));
        }
        return name.toString();
    }

    private static byte[] randomBytes() {
        try (FileInputStream kernel = new FileInputStream("/dev/urandom")) {
            return kernel.readNBytes(LETTERS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
