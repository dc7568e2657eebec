package io.clientele.benchmarks;

import io.clientele.engine.ProgramModel;
import io.clientele.engine.ValueType;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The loyalty program that is measured: the one of {@code preview-conditions.json}, made from a
 * seed. The same seed, size and instant give the same world on every machine.
 *
 * <p>The buyer of a purchase is {@code ranked[members * u^2]} for a uniform u: the busiest of
 * 1,000,000 members with 20,000,000 purchases has about 20,000 of them, half have less than 15.
 * Immutable by convention: nobody writes to the arrays.
 */
final class World {
    static final ZoneId ZONE = ZoneId.of("Asia/Bangkok");
    static final Duration HISTORY = Duration.ofDays(730);
    static final Instant DEFAULT_AT = Instant.parse("2026-07-01T05:00:00Z");
    static final String PURCHASE = "purchase";

    static final List<String> CATEGORIES = numbered("c%02d", 50);
    static final List<String> STORES = numbered("s%03d", 500);
    static final List<String> CHANNELS = List.of("store", "web", "app");

    private static final double UNSET_SHARE = 0.1;
    private static final int CITIES_OF_A_COUNTRY = 25;
    private static final int MOST_INTERESTS = 6;

    /** In the order of their share: the n-th has 1/n of the first. */
    private static final List<String> COUNTRIES =
            List.of(
                    "ID", "TH", "PH", "VN", "MY", "SG", "JP", "KR", "TW", "HK", "AU", "NZ", "IN",
                    "LK", "BD", "KH", "LA", "MM", "NP", "BN");

    private static final double BANGKOK_LATITUDE = 13.7563;
    private static final double BANGKOK_LONGITUDE = 100.5018;

    private static final List<String> INTERESTS =
            List.of(
                    "running",
                    "hiking",
                    "gaming",
                    "travel",
                    "cooking",
                    "reading",
                    "cycling",
                    "swimming",
                    "football",
                    "tennis",
                    "golf",
                    "yoga",
                    "fitness",
                    "music",
                    "film",
                    "theater",
                    "photography",
                    "gardening",
                    "crafts",
                    "fashion",
                    "beauty",
                    "cars",
                    "motorbikes",
                    "pets",
                    "technology",
                    "wine",
                    "coffee",
                    "fishing",
                    "camping",
                    "dancing");

    final long seed;
    final Instant at;
    final int members;
    final List<Column> columns;

    final Purchases purchases;
    private final int[] ranked;

    private World(long seed, Instant at, int members, int purchases) {
        this.seed = seed;
        this.at = at;
        this.members = members;
        columns = List.copyOf(columns());
        ranked = shuffled();
        this.purchases =
                Purchases.create(
                        random("purchases"),
                        ranked,
                        at.minus(HISTORY).toEpochMilli(),
                        HISTORY.toMillis(),
                        purchases);
    }

    /**
     * Makes a world.
     *
     * @param at the instant of the question; nothing happens after it
     * @throws IllegalArgumentException if it has no member or more purchases than an array holds
     */
    static World create(long seed, Instant at, int members, int purchasesPerMember) {
        long purchases = (long) members * purchasesPerMember;
        if (members < 1 || purchases < 0 || purchases > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "members must be 1 or more and purchases fit an array, was "
                            + members
                            + " with "
                            + purchasesPerMember
                            + " each");
        }
        return new World(seed, at, members, (int) purchases);
    }

    /** The id of a member. */
    static String id(int member) {
        return "m-" + member;
    }

    /**
     * Purchases after {@link #at}, as dense in time as those before.
     *
     * @param seed another one, other purchases
     */
    Purchases arrivals(long seed, int count) {
        double step = (double) HISTORY.toMillis() / purchases.count();
        return Purchases.create(
                new SplittableRandom(seed),
                ranked,
                at.toEpochMilli(),
                Math.max(1, Math.round(step * count)),
                count);
    }

    Column column(String name) {
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no attribute " + name));
    }

    /** The program that conditions on this world are read against. */
    ProgramModel model() {
        ProgramModel.Builder builder = ProgramModel.builder(ZONE);
        columns.forEach(column -> builder.attribute(column.name(), column.type()));
        Map<String, ProgramModel.Property> properties = new LinkedHashMap<>();
        properties.put("amount", new ProgramModel.Property(ValueType.NUMBER, true));
        for (String name : List.of("category", "store", "channel")) {
            properties.put(name, new ProgramModel.Property(ValueType.STRING, true));
        }
        builder.eventType(PURCHASE, new ProgramModel.EventType(properties, Map.of()));
        return builder.build();
    }

    private int[] shuffled() {
        RandomGenerator random = random("popularity");
        int[] order = IntStream.range(0, members).toArray();
        for (int i = members - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[other];
            order[other] = kept;
        }
        return order;
    }

    // --- Attributes ------------------------------------------------------------------------------

    private List<Column> columns() {
        List<Column> all = new ArrayList<>();
        all.addAll(whereabouts());
        all.add(codes("gender", List.of("female", "male", "diverse"), 0.49, 0.49, 0.02));
        all.add(days("birthDate", -78 * 365.25, -18 * 365.25));
        all.add(income());
        all.add(codes("tier", List.of("bronze", "silver", "gold", "platinum"), 60, 25, 10, 5));
        all.add(codes("membershipType", List.of("individual", "family", "business"), 80, 15, 5));
        all.add(codes("preferredChannel", List.of("email", "push", "sms", "post")));
        all.add(interests());
        all.add(enrolledAt());
        // What makes them 30: of the kinds programs really have.
        all.add(codes("language", numbered("l%02d", 12)));
        all.add(codes("occupation", numbered("o%02d", 25)));
        all.add(codes("education", numbered("e%d", 6)));
        all.add(codes("maritalStatus", numbered("m%d", 5)));
        all.add(codes("housing", numbered("h%d", 4)));
        all.add(codes("device", List.of("android", "ios", "none"), 55, 35, 10));
        all.add(codes("acquisition", numbered("a%d", 10)));
        all.add(codes("favoriteStore", STORES));
        all.add(codes("shoppingTime", List.of("morning", "noon", "evening", "night")));
        all.add(numbers("householdSize", 1, 8));
        all.add(numbers("children", 0, 5));
        all.add(numbers("pointsBalance", 0, 50_000));
        all.add(numbers("promoterScore", 0, 10));
        all.add(numbers("emailsOpened", 0, 400));
        all.add(flags("newsletter"));
        all.add(flags("hasApp"));
        all.add(flags("student"));
        all.add(days("lastVisit", -365, 0));
        all.add(days("cardExpiry", 0, 5 * 365));
        return all;
    }

    /**
     * Country by Zipf's law, one of 25 cities of it, a home about 20 km around the city's center.
     * Each is unset for other members.
     */
    private List<Column> whereabouts() {
        RandomGenerator random = random("whereabouts");
        int cities = COUNTRIES.size() * CITIES_OF_A_COUNTRY;
        double[] centerLatitudes = new double[cities];
        double[] centerLongitudes = new double[cities];
        for (int city = 0; city < cities; city++) {
            centerLatitudes[city] = -38 + 76 * random.nextDouble();
            centerLongitudes[city] = 70 + 105 * random.nextDouble();
        }
        int bangkok = COUNTRIES.indexOf("TH") * CITIES_OF_A_COUNTRY;
        centerLatitudes[bangkok] = BANGKOK_LATITUDE;
        centerLongitudes[bangkok] = BANGKOK_LONGITUDE;
        double[] zipf = new double[COUNTRIES.size()];
        for (int i = 0; i < zipf.length; i++) {
            zipf[i] = 1.0 / (i + 1);
        }
        double[] limits = limits(zipf);
        short[] countryOf = new short[members];
        short[] cityOf = new short[members];
        double[] latitudes = new double[members];
        double[] longitudes = new double[members];
        for (int i = 0; i < members; i++) {
            int country = choose(limits, random.nextDouble());
            int city = country * CITIES_OF_A_COUNTRY + random.nextInt(CITIES_OF_A_COUNTRY);
            double north = 0.15 * random.nextGaussian();
            double east = 0.15 * random.nextGaussian();
            boolean homeless = isUnset(random);
            countryOf[i] = isUnset(random) ? Column.Codes.UNSET : (short) country;
            cityOf[i] = isUnset(random) ? Column.Codes.UNSET : (short) city;
            latitudes[i] = homeless ? Double.NaN : degrees(centerLatitudes[city] + north);
            longitudes[i] = homeless ? Double.NaN : degrees(centerLongitudes[city] + east);
        }
        return List.of(
                new Column.Codes("country", COUNTRIES, countryOf),
                new Column.Codes("city", numbered("city-%03d", cities), cityOf),
                new Column.Places("home", latitudes, longitudes));
    }

    /** To about a meter. */
    private static double degrees(double angle) {
        return Math.round(angle * 1e5) / 1e5;
    }

    private Column codes(String name, List<String> words, double... weights) {
        RandomGenerator random = random(name);
        double[] limits =
                limits(
                        weights.length > 0
                                ? weights
                                : IntStream.range(0, words.size()).mapToDouble(i -> 1).toArray());
        short[] codes = new short[members];
        for (int i = 0; i < members; i++) {
            codes[i] =
                    isUnset(random)
                            ? Column.Codes.UNSET
                            : (short) choose(limits, random.nextDouble());
        }
        return new Column.Codes(name, words, codes);
    }

    private Column days(String name, double earliest, double latest) {
        RandomGenerator random = random(name);
        long today = LocalDate.ofInstant(at, ZONE).toEpochDay();
        int[] days = new int[members];
        for (int i = 0; i < members; i++) {
            days[i] =
                    isUnset(random)
                            ? Column.Days.UNSET
                            : (int) (today + Math.round(random.nextDouble(earliest, latest)));
        }
        return new Column.Days(name, days);
    }

    private Column income() {
        RandomGenerator random = random("income");
        int[] cents = new int[members];
        for (int i = 0; i < members; i++) {
            double amount = 35_000 * Math.exp(0.6 * random.nextGaussian());
            cents[i] =
                    isUnset(random)
                            ? Column.Numbers.UNSET
                            : (int) Math.round(Math.clamp(amount, 5_000, 1_000_000) * 100);
        }
        return new Column.Numbers("income", ValueType.NUMBER, cents);
    }

    private Column interests() {
        RandomGenerator random = random("interests");
        int[] masks = new int[members];
        for (int i = 0; i < members; i++) {
            int wanted = isUnset(random) ? 0 : random.nextInt(MOST_INTERESTS + 1);
            while (Integer.bitCount(masks[i]) < wanted) {
                masks[i] |= 1 << random.nextInt(INTERESTS.size());
            }
        }
        return new Column.Sets("interests", INTERESTS, masks);
    }

    private Column enrolledAt() {
        RandomGenerator random = random("enrolledAt");
        long end = at.minus(HISTORY).toEpochMilli();
        long years = Duration.ofDays(8 * 365).toMillis();
        long[] millis = new long[members];
        for (int i = 0; i < members; i++) {
            millis[i] = isUnset(random) ? Column.Moments.UNSET : end - random.nextLong(years);
        }
        return new Column.Moments("enrolledAt", millis);
    }

    private Column numbers(String name, int lowest, int highest) {
        RandomGenerator random = random(name);
        int[] numbers = new int[members];
        for (int i = 0; i < members; i++) {
            numbers[i] =
                    isUnset(random) ? Column.Numbers.UNSET : random.nextInt(lowest, highest + 1);
        }
        return new Column.Numbers(name, ValueType.INTEGER, numbers);
    }

    private Column flags(String name) {
        RandomGenerator random = random(name);
        byte[] flags = new byte[members];
        for (int i = 0; i < members; i++) {
            flags[i] = isUnset(random) ? Column.Flags.UNSET : (byte) (random.nextBoolean() ? 1 : 0);
        }
        return new Column.Flags(name, flags);
    }

    private static boolean isUnset(RandomGenerator random) {
        return random.nextDouble() < UNSET_SHARE;
    }

    /** Cumulative shares. */
    private static double[] limits(double[] weights) {
        double[] limits = new double[weights.length];
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i];
            limits[i] = sum;
        }
        for (int i = 0; i < weights.length; i++) {
            limits[i] /= sum;
        }
        return limits;
    }

    private static int choose(double[] limits, double u) {
        int choice = 0;
        while (choice < limits.length - 1 && limits[choice] <= u) {
            choice++;
        }
        return choice;
    }

    /** Each part of the world has a stream of its own, so that one more column moves no other. */
    private RandomGenerator random(String part) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + part.hashCode());
    }

    private static List<String> numbered(String format, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format(Locale.ROOT, format, i))
                .toList();
    }
}
