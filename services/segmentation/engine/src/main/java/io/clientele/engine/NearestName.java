package io.clientele.engine;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody probably meant. */
final class NearestName {
    private static final int LONGEST = 100;

    private NearestName() {}

    /**
     * The candidate with the fewest edits, if they are at most a third of the name (at least 2).
     */
    static Optional<String> of(String name, Collection<String> candidates) {
        if (name.length() > LONGEST) {
            return Optional.empty();
        }
        String best = null;
        int fewest = Math.max(2, name.length() / 3) + 1;
        String wanted = name.toLowerCase(Locale.ROOT);
        for (String candidate : candidates) {
            int edits = edits(wanted, candidate.toLowerCase(Locale.ROOT), fewest);
            // A name of two letters is two edits from every other one.
            if (edits < fewest && edits < Math.max(name.length(), candidate.length())) {
                fewest = edits;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /**
     * Insertions, deletions, replacements and swaps of neighbors; {@code limit} if that many or
     * more.
     */
    private static int edits(String first, String second, int limit) {
        if (Math.abs(first.length() - second.length()) >= limit) {
            return limit;
        }
        int[][] rows = new int[first.length() + 1][second.length() + 1];
        for (int i = 0; i <= first.length(); i++) {
            for (int j = 0; j <= second.length(); j++) {
                if (i == 0 || j == 0) {
                    rows[i][j] = i + j;
                    continue;
                }
                int replace = first.charAt(i - 1) == second.charAt(j - 1) ? 0 : 1;
                int least =
                        Math.min(
                                rows[i - 1][j - 1] + replace,
                                Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && first.charAt(i - 1) == second.charAt(j - 2)
                        && first.charAt(i - 2) == second.charAt(j - 1)) {
                    least = Math.min(least, rows[i - 2][j - 2] + 1);
                }
                rows[i][j] = least;
            }
        }
        return Math.min(limit, rows[first.length()][second.length()]);
    }
}
