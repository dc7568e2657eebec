package io.clientele.engine;

import java.text.Normalizer;
import java.util.Locale;

/**
 * The form in which texts are compared: NFC, without regard to case, diacritics kept. Case is
 * removed code point by code point, so that a part of a text folds to a part of the folded text
 * whatever stands beside it.
 */
final class Folding {
    private static final int CAPITAL_I_WITH_DOT = 0x130;
    private static final int SMALL_I_WITHOUT_DOT = 0x131;

    private Folding() {}

    static String fold(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char character = text.charAt(i);
            if (character >= 0x80) {
                return foldAny(text);
            }
            if (character >= 'A' && character <= 'Z') {
                return foldAscii(text, i);
            }
        }
        return text;
    }

    /** By code points; {@link String#compareTo} puts some that need two characters too early. */
    static int compare(String first, String second) {
        int shorter = Math.min(first.length(), second.length());
        for (int i = 0; i < shorter; i++) {
            char one = first.charAt(i);
            char other = second.charAt(i);
            if (one != other) {
                return Character.isSurrogate(one) == Character.isSurrogate(other)
                        ? Character.compare(one, other)
                        : Character.isSurrogate(one) ? 1 : -1;
            }
        }
        return Integer.compare(first.length(), second.length());
    }

    private static String foldAscii(String text, int firstCapital) {
        char[] folded = text.toCharArray();
        for (int i = firstCapital; i < folded.length; i++) {
            char character = folded[i];
            if (character >= 0x80) {
                return foldAny(text);
            }
            if (character >= 'A' && character <= 'Z') {
                folded[i] = (char) (character + ('a' - 'A'));
            }
        }
        return new String(folded);
    }

    private static String foldAny(String text) {
        String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
        StringBuilder folded = new StringBuilder(composed.length() + 8);
        composed.codePoints()
                .forEach(point -> {
                    if (point == CAPITAL_I_WITH_DOT) {
                        folded.append("i\u0307");
                    } else if (point == SMALL_I_WITHOUT_DOT) {
                        folded.appendCodePoint(point);
                    } else {
                        // Upper case first, as only that brings ß and ss together.
                        Character.toString(point)
                                .toUpperCase(Locale.ROOT)
                                .codePoints()
                                .map(Character::toLowerCase)
                                .forEach(folded::appendCodePoint);
                    }
                });
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }
}
