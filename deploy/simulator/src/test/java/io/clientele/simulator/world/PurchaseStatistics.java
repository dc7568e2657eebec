package io.clientele.simulator.world;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures that a simulated year and a real one are compared by. Who bought nothing is not in
 * them, as a file of invoices does not know them.
 */
final class PurchaseStatistics {
    private record Purchase(Instant at, double amount) {}

    private final Map<String, List<Purchase>> buyers = new TreeMap<>();

    void add(String buyer, Instant at, double amount) {
        buyers.computeIfAbsent(buyer, any -> new ArrayList<>()).add(new Purchase(at, amount));
    }

    int buyers() {
        return buyers.size();
    }

    /** The part of all spending that the tenth of the buyers who spent most account for. */
    double topDecileShare() {
        double[] spent =
                buyers.values().stream()
                        .mapToDouble(all -> all.stream().mapToDouble(Purchase::amount).sum())
                        .sorted()
                        .toArray();
        double total = 0;
        double top = 0;
        for (int i = 0; i < spent.length; i++) {
            total += spent[i];
            top += i >= spent.length - spent.length / 10 ? spent[i] : 0;
        }
        return top / total;
    }

    /** The part of the buyers who bought more than once. */
    double repeatRate() {
        return (double) buyers.values().stream().filter(all -> all.size() > 1).count()
                / buyers.size();
    }

    /** Days between one purchase and the buyer's next; {@code share} from 0 to 1. */
    double gapQuantile(double share) {
        return quantile(gaps(false), share);
    }

    /** The same between days on which a buyer bought: several receipts of a day count as one. */
    double dayGapQuantile(double share) {
        return quantile(gaps(true), share);
    }

    private List<Double> gaps(boolean byDay) {
        List<Double> gaps = new ArrayList<>();
        for (List<Purchase> all : buyers.values()) {
            TreeMap<LocalDate, Instant> days = new TreeMap<>();
            List<Instant> instants =
                    new ArrayList<>(all.stream().map(Purchase::at).sorted().toList());
            if (byDay) {
                instants.forEach(at -> days.putIfAbsent(day(at), at));
                instants = new ArrayList<>(days.values());
            }
            for (int i = 1; i < instants.size(); i++) {
                gaps.add(
                        (instants.get(i).toEpochMilli() - instants.get(i - 1).toEpochMilli())
                                / 86_400_000.0);
            }
        }
        gaps.sort(null);
        return gaps;
    }

    private static double quantile(List<Double> sorted, double share) {
        double at = share * (sorted.size() - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.size() - 1);
        return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
    }

    /** The part of the purchases that fall on each day of the week. */
    Map<DayOfWeek, Double> weekdayProfile() {
        Map<DayOfWeek, Double> profile = new EnumMap<>(DayOfWeek.class);
        long total = buyers.values().stream().mapToLong(List::size).sum();
        for (DayOfWeek day : DayOfWeek.values()) {
            profile.put(day, 0.0);
        }
        buyers.values().stream()
                .flatMap(List::stream)
                .forEach(purchase ->
                        profile.merge(day(purchase.at()).getDayOfWeek(), 1.0 / total, Double::sum));
        return profile;
    }

    private static LocalDate day(Instant at) {
        return at.atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** The figures on a few lines, for people. */
    @Override
    public String toString() {
        var text =
                new StringBuilder(
                        String.format(
                                Locale.ROOT,
                                "buyers %d, top decile %.4f, repeat %.4f, gaps",
                                buyers(),
                                topDecileShare(),
                                repeatRate()));
        for (double share : new double[] {0.25, 0.5, 0.75, 0.9}) {
            text.append(String.format(Locale.ROOT, " %.2f", gapQuantile(share)));
        }
        text.append(", by day");
        for (double share : new double[] {0.1, 0.25, 0.5, 0.75, 0.9}) {
            text.append(String.format(Locale.ROOT, " %.2f", dayGapQuantile(share)));
        }
        weekdayProfile()
                .forEach((day, part) ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        ", %s %.4f",
                                        day.name().substring(0, 3),
                                        part)));
        return text.toString();
    }
}
