package io.clientele.segmentation.persona;

import io.clientele.contracts.SegmentKey;
import io.clientele.segmentation.persona.PersonaStatistics.Compared;
import io.clientele.segmentation.persona.PersonaStatistics.Findings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A persona in words. Pure functions. */
final class PersonaWords {
    private static final int SHARES_TOLD = 3;
    private static final int NUMBERS_TOLD = 2;

    /** Elements of sets that a person has. */
    private static final int MOST_ELEMENTS = 3;

    // Invented; members' names are personal and never come here.
    private static final List<String> NAMES =
            List.of(
                    "Alex", "Robin", "Sam", "Kim", "Noa", "Charlie", "Jamie", "Sasha", "Toni",
                    "Mika");

    private PersonaWords() {}

    /** The most striking differences as a sentence. */
    static String sentence(String name, long size, Findings findings) {
        var parts = new ArrayList<String>();
        for (var number : findings.numbers().stream().limit(NUMBERS_TOLD).toList()) {
            parts.add(
                    "%s is %s in the middle (others %s)"
                            .formatted(
                                    number.attribute(),
                                    plain(number.median()),
                                    plain(number.medianOfOthers())));
        }
        for (var share : findings.shares().stream().limit(SHARES_TOLD).toList()) {
            parts.add(
                    "%s %% have %s %s (others %s %%)"
                            .formatted(
                                    percent(share.share()),
                                    share.attribute(),
                                    share.value(),
                                    percent(share.shareOfOthers())));
        }
        var members = String.format(Locale.ROOT, "%,d", size);
        if (parts.isEmpty()) {
            return "Nothing tells the members of \"%s\" (%s) from the others, or too few have values."
                    .formatted(name, members);
        }
        return "Of the %s members of \"%s\": %s."
                .formatted(members, name, String.join("; ", parts));
    }

    private static String percent(double share) {
        return plain(share * 100);
    }

    private static String plain(double number) {
        var rounded =
                new BigDecimal(number)
                        .setScale(Math.abs(number) < 10 ? 1 : 0, RoundingMode.HALF_EVEN)
                        .stripTrailingZeros();
        return rounded.signum() == 0 ? "0" : rounded.toPlainString();
    }

    /**
     * Somebody who never was: of each attribute that enough members have, the most frequent value,
     * the middle number, the most frequent elements. Each is chosen for itself, so that no member's
     * record is shown.
     */
    static Map<String, Object> person(SegmentKey key, List<Compared> attributes) {
        var person = new LinkedHashMap<String, Object>();
        person.put("name", NAMES.get(Math.floorMod(key.value().hashCode(), NAMES.size())));
        for (var attribute : attributes) {
            var inside = attribute.inside();
            if (inside.members() - inside.unset() < PersonaStatistics.LEAST_SUPPORT) {
                continue;
            }
            if (attribute.isNumber()) {
                person.put(
                        attribute.attribute(), new BigDecimal(plain(inside.quantile(0.5) / 1e6)));
                continue;
            }
            var frequent = new ArrayList<>(inside.counts().entrySet());
            frequent.sort(
                    Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()));
            long all = inside.counts().values().stream().mapToLong(Long::longValue).sum();
            boolean isSet = all > inside.members() - inside.unset();
            if (isSet) {
                person.put(
                        attribute.attribute(),
                        frequent.stream().limit(MOST_ELEMENTS).map(Map.Entry::getKey).toList());
            } else if (frequent.getFirst().getValue() >= PersonaStatistics.LEAST_SUPPORT) {
                // A value of few would point to them.
                person.put(attribute.attribute(), frequent.getFirst().getKey());
            }
        }
        return Collections.unmodifiableMap(person);
    }
}
