package stunnel.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.parser.syntax.Word;

/** Walks options as ssh's getopt(3) does, and finds the ones that defeat the plugin. */
final class SshOptions {
    /** The letters that take a value: OpenSSH's own list (ssh.c, 9.2 to 10). */
    private static final String WITH_VALUE = "BDEFIJLOPQRSWbceilmopw";

    private static final String CONTROL = "the plugin makes its own control socket";
    private static final String ADDED = "the plugin adds it where it belongs";
    private static final String NO_TUNNEL = "ssh would do something else and open no tunnel";
    private static final String FORWARDS = "ssh drops it, since forwards come from --tunnel alone";

    private SshOptions() {}

    static void check(List<Word> words, Findings findings) {
        int next = 0;
        while (next < words.size()) {
            Word word = words.get(next);
            next++;
            String text = word.text();
            if (!text.startsWith("-") || text.length() < 2 || text.equals("--")) {
                findings.add(DiagnosticId.NOT_AN_OPTION_OF_SSH, word.span(), text);
                continue;
            }
            int valued = checkLetters(word, findings);
            if (valued == text.length() - 1 && next == words.size()) {
                String example = text.charAt(valued) == 'o' ? "write -o Port=2222" : "write it behind the option";
                findings.add(DiagnosticId.SSH_OPTION_WITHOUT_VALUE, word.span(), text, example);
            } else if (valued > 0) {
                boolean here = valued < text.length() - 1;
                Word value = here ? new Word(text.substring(valued + 1), word.span()) : words.get(next);
                next += here ? 0 : 1;
                if (text.charAt(valued) == 'o') {
                    checkKeyword(value, findings);
                }
            }
        }
    }

    /** Checks the letters of one word; where the one with a value is, or 0. */
    private static int checkLetters(Word word, Findings findings) {
        for (int i = 1; i < word.text().length(); i++) {
            char letter = word.text().charAt(i);
            Optional<String> reason = reason(letter);
            if (reason.isPresent()) {
                refuse(word, "-" + letter, reason.get(), findings);
            }
            if (WITH_VALUE.indexOf(letter) >= 0) {
                return i;
            }
        }
        return 0;
    }

    private static Optional<String> reason(char letter) {
        return switch (letter) {
            case 'M', 'S', 'O' -> Optional.of(CONTROL);
            case 'f', 'N' -> Optional.of(ADDED);
            case 'G', 'Q', 'V', 'W', 's' -> Optional.of(NO_TUNNEL);
            case 'L', 'R', 'D' -> Optional.of(FORWARDS);
            case 'E' -> Optional.of("the plugin reads ssh's log itself, and helpertask_args=2>FILE keeps a copy");
            default -> Optional.empty();
        };
    }

    /** A keyword of ssh_config(5), with its value behind blanks or an equals sign. */
    private static void checkKeyword(Word word, Findings findings) {
        String text = word.text().strip();
        int end = 0;
        while (end < text.length() && text.charAt(end) != '=' && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        String keyword = text.substring(0, end);
        String value = value(text.substring(end));
        boolean no = value.equals("no") || value.equals("false");
        switch (keyword.toLowerCase(Locale.ROOT)) {
            case "controlmaster", "controlpath", "controlpersist" -> refuse(word, keyword, CONTROL, findings);
            case "localforward", "remoteforward", "dynamicforward" -> refuse(word, keyword, FORWARDS, findings);
            case "batchmode" -> {
                if (no) {
                    refuse(word, text, "a question of ssh would wait for ever, as nobody sees it", findings);
                }
            }
            case "exitonforwardfailure" -> {
                if (no) {
                    refuse(word, text, "a tunnel that listens nowhere would count as open", findings);
                }
            }
            case "clearallforwardings" -> {
                if (no) {
                    refuse(word, text, "a forward in a user's ~/.ssh/config could then stop the job", findings);
                }
            }
            case "stricthostkeychecking" -> {
                if (no || value.equals("off")) {
                    findings.add(DiagnosticId.STRICT_HOST_KEY_CHECKING, word.span());
                }
            }
            default -> {}
        }
    }

    private static String value(String text) {
        String value = text.strip();
        value = value.startsWith("=") ? value.substring(1).strip() : value;
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return (quoted ? value.substring(1, value.length() - 1) : value).toLowerCase(Locale.ROOT);
    }

    private static void refuse(Word word, String option, String reason, Findings findings) {
        findings.add(DiagnosticId.SSH_OPTION_REFUSED, word.span(), option, reason, "take " + option + " away");
    }
}
