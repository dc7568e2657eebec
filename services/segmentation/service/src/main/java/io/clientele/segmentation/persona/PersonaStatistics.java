package io.clientele.segmentation.persona;

import io.clientele.engine.Snapshot.Distribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Compares how attributes are spread over a segment and over everybody else. Shares by Newcombe's
 * hybrid score interval (Newcombe 1998, method 10), means by Welch's with the normal distribution,
 * as both groups have at least {@value #LEAST_SUPPORT} members. Intervals hold at 95 % for all
 * comparisons together (Bonferroni), and only differences whose interval leaves out zero are told.
 * What is compared depends on both groups together and not on their difference. Pure functions.
 */
final class PersonaStatistics {
    /** Fewer members with a value, in either group, are not compared. */
    static final int LEAST_SUPPORT = 50;

    private static final double ERROR = 0.05;
    private static final double MICRO = 1e6;

    private PersonaStatistics() {}

    /** One attribute in both groups. */
    record Compared(String attribute, boolean isNumber, Distribution inside, Distribution others) {
        private long insideWith() {
            return inside.members() - inside.unset();
        }

        private long othersWith() {
            return others.members() - others.unset();
        }

        private boolean isSupported() {
            return insideWith() >= LEAST_SUPPORT && othersWith() >= LEAST_SUPPORT;
        }

        /** Values that at least so many members of both groups together have. */
        private List<String> values() {
            var all = new TreeSet<>(inside.counts().keySet());
            all.addAll(others.counts().keySet());
            all.removeIf(value -> countIn(inside, value) + countIn(others, value) < LEAST_SUPPORT);
            return List.copyOf(all);
        }
    }

    private static long countIn(Distribution distribution, String value) {
        return distribution.counts().getOrDefault(value, 0L);
    }

    /** What was found. */
    record Findings(int comparisons, List<Persona.Share> shares, List<Persona.Mean> numbers) {}

    /** All differences that are no accident, the largest first. */
    static Findings compare(List<Compared> attributes) {
        var supported = attributes.stream().filter(Compared::isSupported).toList();
        int comparisons = 0;
        for (var attribute : supported) {
            comparisons += attribute.isNumber() ? 1 : attribute.values().size();
        }
        double z =
                comparisons == 0
                        ? 0
                        : NormalDistribution.of(0, 1)
                                .inverseSurvivalProbability(ERROR / comparisons / 2);
        var shares = new ArrayList<Persona.Share>();
        var numbers = new TreeMap<Double, Persona.Mean>(Comparator.reverseOrder());
        for (var attribute : supported) {
            if (attribute.isNumber()) {
                addMean(attribute, z, numbers);
            } else {
                for (var value : attribute.values()) {
                    var share = share(attribute, value, z);
                    if (share != null) {
                        shares.add(share);
                    }
                }
            }
        }
        shares.sort(
                Comparator.comparingDouble((Persona.Share each) -> -Math.abs(each.difference()))
                        .thenComparing(Persona.Share::attribute)
                        .thenComparing(Persona.Share::value));
        return new Findings(comparisons, shares, List.copyOf(numbers.values()));
    }

    private static Persona.@Nullable Share share(Compared attribute, String value, double z) {
        double[] inside = wilson(countIn(attribute.inside(), value), attribute.insideWith(), z);
        double[] others = wilson(countIn(attribute.others(), value), attribute.othersWith(), z);
        double difference = inside[0] - others[0];
        double low = difference - Math.hypot(inside[0] - inside[1], others[2] - others[0]);
        double high = difference + Math.hypot(inside[2] - inside[0], others[0] - others[1]);
        if (low <= 0 && high >= 0) {
            return null;
        }
        return new Persona.Share(
                attribute.attribute(),
                value,
                inside[0],
                others[0],
                difference,
                low,
                high,
                attribute.insideWith());
    }

    /** A share and its score interval (Wilson 1927). */
    static double[] wilson(long count, long of, double z) {
        double share = (double) count / of;
        double square = z * z / of;
        double middle = (share + square / 2) / (1 + square);
        double half = z * Math.sqrt(share * (1 - share) / of + square / of / 4) / (1 + square);
        return new double[] {share, Math.max(0, middle - half), Math.min(1, middle + half)};
    }

    private static void addMean(Compared attribute, double z, Map<Double, Persona.Mean> into) {
        double[] inside = moments(attribute.inside().numbers());
        double[] others = moments(attribute.others().numbers());
        double difference = inside[0] - others[0];
        double error =
                Math.sqrt(inside[1] / attribute.insideWith() + others[1] / attribute.othersWith());
        if (Math.abs(difference) <= z * error) {
            return;
        }
        double size = Math.abs(difference) / Math.max(Math.sqrt(others[1]), Double.MIN_NORMAL);
        // Equal sizes are as good as impossible; neither is left out all the same.
        while (into.containsKey(size)) {
            size = Math.nextDown(size);
        }
        into.put(
                size,
                new Persona.Mean(
                        attribute.attribute(),
                        attribute.inside().quantile(0.5) / MICRO,
                        attribute.others().quantile(0.5) / MICRO,
                        inside[0],
                        others[0],
                        difference,
                        difference - z * error,
                        difference + z * error,
                        attribute.insideWith()));
    }

    /** Mean and variance, in two passes. */
    private static double[] moments(long[] numbers) {
        double sum = 0;
        for (long number : numbers) {
            sum += number / MICRO;
        }
        double mean = sum / numbers.length;
        double squares = 0;
        for (long number : numbers) {
            double off = number / MICRO - mean;
            squares += off * off;
        }
        return new double[] {mean, numbers.length < 2 ? 0 : squares / (numbers.length - 1)};
    }
}
