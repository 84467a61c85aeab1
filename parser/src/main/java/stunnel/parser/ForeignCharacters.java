package stunnel.parser;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import stunnel.diagnostic.DiagnosticId;
import stunnel.diagnostic.Findings;
import stunnel.diagnostic.Span;
import stunnel.parser.syntax.Word;

/** Finds characters that no forward has: blanks, and what other scripts have that looks like ASCII. */
final class ForeignCharacters {
    private static final String MARKS = "._:=*[]/+@-";
    /** Letters, dashes and colons that normalization leaves as they are, and what they look like. */
    private static final String TWINS = "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455"
            + "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425"
            + "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2236\ua789\u2044\u2215";

    private static final String TWINNED = "aeopcyxijs" + "ABEKMHOPCTX" + "-------::" + "//";

    private static final int ASCII = 0x80;

    private final Findings findings;
    /** What is known of characters already: a value may have one of them 20,000 times. */
    private final Map<Integer, Optional<String>> twins = new HashMap<>();

    private final Map<Integer, String> names = new HashMap<>();

    ForeignCharacters(Findings findings) {
        this.findings = findings;
    }

    /** Reports each run of them once; false if there are none. What stands in brackets is left to the address. */
    boolean report(Word forward) {
        String text = forward.text();
        int before = findings.count();
        int lastClose = text.lastIndexOf(']');
        int next = 0;
        while (next < text.length()) {
            int close = text.charAt(next) == '[' && next < lastClose ? text.indexOf(']', next) : -1;
            Kind kind = kind(text.codePointAt(next));
            int end = close < 0 ? endOfRun(text, next, kind) : close + 1;
            if (close < 0 && kind != Kind.NATIVE) {
                report(kind, forward.part(next, end));
            }
            next = end;
        }
        return findings.count() > before;
    }

    private int endOfRun(String text, int start, Kind kind) {
        int end = start + Character.charCount(text.codePointAt(start));
        while (end < text.length() && kind != Kind.NATIVE && kind(text.codePointAt(end)) == kind) {
            end += Character.charCount(text.codePointAt(end));
        }
        return end;
    }

    private void report(Kind kind, Word run) {
        Span span = run.span();
        int first = run.text().codePointAt(0);
        if (kind == Kind.BLANK) {
            findings.add(DiagnosticId.BLANK_CHARACTER, span);
        } else if (kind == Kind.LOOK_ALIKE) {
            StringBuilder ascii = new StringBuilder();
            for (int i = 0;
                    i < run.text().length();
                    i += Character.charCount(run.text().codePointAt(i))) {
                ascii.append(twin(run.text().codePointAt(i)).orElseThrow());
            }
            findings.add(
                    DiagnosticId.LOOK_ALIKE,
                    span,
                    named(first) + (ascii.length() > 1 ? " and so on" : ""),
                    ascii.toString());
        } else {
            boolean showable = first > ' ' && first < 0x7f;
            findings.add(DiagnosticId.UNEXPECTED_CHARACTER, span, showable ? '"' + run.text() + '"' : named(first));
        }
    }

    private String named(int codePoint) {
        String named = names.get(codePoint);
        if (named == null) {
            String name = Character.getName(codePoint);
            named = String.format("U+%04X", codePoint) + (name == null ? "" : " " + name);
            names.put(codePoint, named);
        }
        return named;
    }

    private Kind kind(int codePoint) {
        if (isNative(codePoint)) {
            return Kind.NATIVE;
        }
        if (Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint)) {
            return Kind.BLANK;
        }
        return codePoint >= ASCII && twin(codePoint).isPresent() ? Kind.LOOK_ALIKE : Kind.OTHER;
    }

    private static boolean isNative(int codePoint) {
        return codePoint < ASCII && (Text.isLetterOrDigit((char) codePoint) || MARKS.indexOf(codePoint) >= 0);
    }

    /** The ASCII text that a character of another script looks like. */
    private Optional<String> twin(int codePoint) {
        Optional<String> twin = twins.get(codePoint);
        if (twin == null) {
            twin = findTwin(codePoint);
            twins.put(codePoint, twin);
        }
        return twin;
    }

    private static Optional<String> findTwin(int codePoint) {
        int twin = TWINS.indexOf(codePoint);
        if (twin >= 0) {
            return Optional.of(TWINNED.substring(twin, twin + 1));
        }
        int digit = Character.digit(codePoint, 10);
        if (digit >= 0) {
            return Optional.of(Integer.toString(digit));
        }
        String normal = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKC);
        return normal.length() == 1 && (isNative(normal.charAt(0)) || normal.equals(","))
                ? Optional.of(normal)
                : Optional.empty();
    }

    private enum Kind {
        NATIVE,
        BLANK,
        LOOK_ALIKE,
        OTHER
    }
}
