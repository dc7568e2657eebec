package io.clientele.segmentation.persona;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clientele.contracts.SegmentKey;
import io.clientele.engine.Snapshot.Distribution;
import io.clientele.segmentation.persona.PersonaStatistics.Compared;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PersonaStatisticsTest {
    private static Distribution words(long unset, Map<String, Long> counts) {
        long with = counts.values().stream().mapToLong(Long::longValue).sum();
        return new Distribution(with + unset, unset, new TreeMap<>(counts), new long[0]);
    }

    private static Distribution numbers(long... values) {
        long[] sorted = Arrays.stream(values).map(value -> value * 1_000_000).sorted().toArray();
        return new Distribution(sorted.length, 0, Map.of(), sorted);
    }

    /** Wilson's interval, example of Newcombe (1998), table I: 81 of 263. */
    @Test
    void scoreIntervalAsPublished() {
        double[] wilson = PersonaStatistics.wilson(81, 263, 1.959964);

        assertThat(wilson[0]).isCloseTo(0.3080, within(5e-5));
        assertThat(wilson[1]).isCloseTo(0.2553, within(5e-5));
        assertThat(wilson[2]).isCloseTo(0.3662, within(5e-5));
    }

    /** Newcombe (1998), "Interval estimation for the difference", table II: 56/70 against 48/80. */
    @Test
    void differenceOfSharesAsPublished() {
        var findings =
                PersonaStatistics.compare(
                        List.of(
                                new Compared(
                                        "one",
                                        false,
                                        words(0, Map.of("yes", 56L, "other", 14L)),
                                        words(0, Map.of("yes", 48L, "more", 32L)))));

        // Two values are had by 50 at least: "yes"; "other" and "more" are too rare.
        assertThat(findings.comparisons()).isEqualTo(1);
        var share = findings.shares().getFirst();
        assertThat(share.difference()).isCloseTo(0.2, within(1e-9));
        assertThat(share.low()).isCloseTo(0.0524, within(5e-5));
        assertThat(share.high()).isCloseTo(0.3339, within(5e-5));
    }

    @Test
    void numbersAreComparedByMeansAndToldWithMedians() {
        long[] inside = new long[100];
        long[] others = new long[100];
        for (int i = 0; i < 100; i++) {
            inside[i] = 30 + i % 10;
            others[i] = 40 + i % 10;
        }
        var findings =
                PersonaStatistics.compare(
                        List.of(new Compared("age", true, numbers(inside), numbers(others))));

        var mean = findings.numbers().getFirst();
        assertThat(mean.difference()).isCloseTo(-10, within(1e-9));
        assertThat(mean.median()).isBetween(34.0, 35.0);
        // Welch: 1.96 * sqrt(2 * 8.333 / 100)
        assertThat(mean.high() - mean.difference()).isCloseTo(0.8002, within(1e-3));
        assertThat(findings.shares()).isEmpty();
    }

    @Test
    void fewMembersAreNotCompared() {
        var findings =
                PersonaStatistics.compare(
                        List.of(
                                new Compared(
                                        "few",
                                        false,
                                        words(900, Map.of("a", 49L)),
                                        words(0, Map.of("b", 1_000L)))));

        assertThat(findings.comparisons()).isZero();
        assertThat(findings.shares()).isEmpty();
        assertThat(PersonaWords.sentence("Few", 949, findings))
                .startsWith("Nothing tells the members of \"Few\" (949) from the others");
    }

    /** Segments drawn at random: in 95 of 100 nothing at all may be told, over 40 attributes. */
    @Test
    void aRandomSegmentIsRarelySaidToDiffer() {
        int told = 0;
        int runs = 1_000;
        for (int run = 0; run < runs; run++) {
            var random = new SplittableRandom(run);
            var attributes = new ArrayList<Compared>();
            for (int i = 0; i < 40; i++) {
                attributes.add(
                        new Compared(
                                "a" + i,
                                false,
                                words(0, drawn(random, 300)),
                                words(0, drawn(random, 3_000))));
            }
            told += PersonaStatistics.compare(attributes).shares().isEmpty() ? 0 : 1;
        }
        assertThat(told).as("of " + runs).isBetween(1, 80);
    }

    private static Map<String, Long> drawn(SplittableRandom random, int size) {
        var counts = new TreeMap<String, Long>();
        for (int i = 0; i < size; i++) {
            counts.merge(random.nextInt(10) < 3 ? "yes" : "no", 1L, Long::sum);
        }
        return counts;
    }

    @Test
    void thePersonHasWhatManyHaveAndNoRareValue() {
        var person =
                PersonaWords.person(
                        new SegmentKey("vip"),
                        List.of(
                                new Compared("age", true, numbers(new long[60]), numbers(1)),
                                new Compared(
                                        "city",
                                        false,
                                        words(0, Map.of("A", 60L, "B", 40L)),
                                        words(0, Map.of("A", 1L))),
                                new Compared(
                                        "street",
                                        false,
                                        words(0, distinct(200)),
                                        words(0, Map.of("A", 1L))),
                                new Compared(
                                        "interests",
                                        false,
                                        new Distribution(
                                                100,
                                                0,
                                                Map.of("x", 90L, "y", 80L, "z", 70L, "q", 3L),
                                                new long[0]),
                                        words(0, Map.of("x", 1L)))));

        assertThat(person)
                .containsEntry("city", "A")
                .containsKey("name")
                .doesNotContainKey("street");
        assertThat(person.get("interests")).isEqualTo(List.of("x", "y", "z"));
        assertThat(person.get("age")).hasToString("0");
    }

    private static Map<String, Long> distinct(int count) {
        var counts = new TreeMap<String, Long>();
        for (int i = 0; i < count; i++) {
            counts.put("street " + i, 1L);
        }
        return counts;
    }
}
