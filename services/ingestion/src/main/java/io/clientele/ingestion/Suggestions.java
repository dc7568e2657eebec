package io.clientele.ingestion;

import java.util.Collection;
import java.util.Locale;

/** The nearest valid name, for messages about unknown ones. */
public final class Suggestions {
    private Suggestions() {}

    /**
     * A sentence that names what is nearest to {@code given}, beginning with a space; empty if
     * nothing is near.
     */
    public static String nearest(String given, Collection<String> valid) {
        var best = "";
        int bestDistance = Math.max(2, given.length() / 3) + 1;
        for (var candidate : valid) {
            int distance = distance(given.toLowerCase(Locale.ROOT), candidate);
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best.isEmpty() ? "" : " Did you mean \"" + best + "\"?";
    }

    private static int distance(String a, String candidate) {
        var b = candidate.toLowerCase(Locale.ROOT);
        if (Math.abs(a.length() - b.length()) > 16 || a.length() > 128) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
