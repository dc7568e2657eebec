package io.clientele.simulator.world;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Makes up people. */
final class People {
    /** The purpose of the draws for {@link World#enrolledAt}. */
    static final int ENROLLMENT = 1;

    private static final int TRAITS = 2;
    private static final int REFERRAL = 3;

    /**
     * Rates are gamma distributed (so that counts are negative binomial), baskets lognormal; the
     * module's README says how they were chosen.
     */
    private static final double RATE_SHAPE = 1.1;

    private static final double MEAN_RATE = 4.8;
    private static final double BASKET_DEVIATION = 1.1;
    private static final double BASKET_BY_RATE = 0.25;

    private static final List<String> FEMALE_NAMES =
            List.of("Anong", "Malee", "Suda", "Ploy", "Kanya", "Nina", "Ratana", "Emma", "Dao");
    private static final List<String> MALE_NAMES =
            List.of("Anan", "Chai", "Niran", "Somchai", "Kiet", "Arun", "Paul", "Decha", "Prasert");
    private static final List<String> INTERESTS =
            List.of(
                    "running",
                    "gaming",
                    "hiking",
                    "cooking",
                    "travel",
                    "music",
                    "dancing",
                    "gardening",
                    "reading",
                    "photography");
    private static final List<String> NEEDS =
            List.of("comfort", "performance", "low price", "sustainability", "fast delivery");
    private static final List<String> CHANNELS =
            List.of("web", "web", "web", "store", "store", "app", "app");

    private People() {}

    static Person person(World world, int number) {
        Draws draws = Draws.of(world.seed(), number, TRAITS);
        boolean prospect = number >= world.members();
        double rate = draws.gamma(RATE_SHAPE, MEAN_RATE / RATE_SHAPE);
        double basket =
                BASKET_BY_RATE * Math.log(Math.max(rate, 0.05) / MEAN_RATE)
                        + BASKET_DEVIATION * draws.normal();
        LifeCycle life = life(draws);
        TrueSegment truth = truth(rate, draws);
        String gender = gender(draws);
        City city = City.drawn(draws.uniform());
        int sustainability = 1 + (int) (5 * Math.sqrt(draws.uniform()) * draws.uniform(0.5, 1));
        List<String> needs = some(NEEDS, 1 + draws.below(2), draws);
        if (sustainability >= 4 && !needs.contains("sustainability")) {
            needs.add("sustainability");
        }
        String id = world.id(number);
        return new Person(
                number,
                id,
                prospect,
                world.enrolledAt(number),
                draws.chance(0.90),
                prospect ? null : world.referrer(number, Draws.of(world.seed(), number, REFERRAL)),
                draws.of(gender.equals("male") ? MALE_NAMES : FEMALE_NAMES),
                id + "@example.org",
                gender,
                birthDate(world, draws),
                city,
                coordinate(city.latitude(), city, draws),
                coordinate(city.longitude(), city, draws),
                (int) Math.round(9_000 * Math.exp(0.6 * draws.normal())) / 100 * 100,
                1 + draws.below(5),
                some(INTERESTS, draws.below(4), draws),
                needs,
                sustainability,
                draws.of(CHANNELS),
                draws.chance(truth == TrueSegment.PRIVATE ? 0.5 : 0.88),
                draws.chance(0.45) ? draws.uniform() : 0,
                draws.chance(0.16),
                truth,
                life,
                life == LifeCycle.LAPSED ? draws.uniform(0.02, 0.7) : 1,
                rate,
                basket);
    }

    private static LifeCycle life(Draws draws) {
        double part = draws.uniform();
        if (part < 0.20) {
            return LifeCycle.RISING;
        }
        if (part < 0.40) {
            return LifeCycle.DECLINING;
        }
        return part < 0.65 ? LifeCycle.LAPSED : LifeCycle.STEADY;
    }

    private static TrueSegment truth(double rate, Draws draws) {
        double part = draws.uniform();
        if (part < 0.08) {
            return TrueSegment.PRIVATE;
        }
        if (part < 0.28) {
            return TrueSegment.BARGAIN_HUNTER;
        }
        if (part < 0.36) {
            return TrueSegment.GIFT_GIVER;
        }
        if (rate > 7) {
            return TrueSegment.LOYAL;
        }
        return rate > 3 ? TrueSegment.REGULAR : TrueSegment.OCCASIONAL;
    }

    private static String gender(Draws draws) {
        double part = draws.uniform();
        if (part < 0.55) {
            return "female";
        }
        if (part < 0.96) {
            return "male";
        }
        return part < 0.98 ? "non-binary" : "undisclosed";
    }

    private static LocalDate birthDate(World world, Draws draws) {
        double years = 18 + 52 * draws.uniform() * draws.uniform(0.3, 1);
        return world.to()
                .atZone(ZoneOffset.UTC)
                .toLocalDate()
                .minusDays((long) (365.25 * years) + 1);
    }

    private static double coordinate(double center, City city, Draws draws) {
        double value = center + city.spreadDegrees() * draws.normal();
        return Math.round(value * 100) / 100.0;
    }

    /** Different ones of a list, in no order. */
    private static List<String> some(List<String> all, int count, Draws draws) {
        List<String> left = new ArrayList<>(all);
        List<String> chosen = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            chosen.add(left.remove(draws.below(left.size())));
        }
        return chosen;
    }
}
