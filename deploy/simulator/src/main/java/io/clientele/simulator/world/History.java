package io.clientele.simulator.world;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes up what one person did. What matters most is made first; when {@link World#MOST_EVENTS} are
 * reached the rest does not happen. Not thread-safe; used once.
 */
final class History {
    private static final int PURCHASES = 11;
    private static final int CONSEQUENCES = 12;
    private static final int OPINIONS = 13;
    private static final int BEHAVIOR = 14;

    private static final double YEAR_MILLIS = 365.0 * 86_400_000;

    /** People do not come back at once: days before the next wish to buy can arise. */
    private static final Duration PAUSE = Duration.ofDays(1);

    /** Probability that another receipt follows on the same day. */
    private static final double ANOTHER = 0.075;

    private static final int MOST_PURCHASES = 26;
    private static final double BASKET_DEVIATION = 0.7;
    private static final Duration RECENTLY = Duration.ofDays(30);

    private final World world;
    private final Person person;
    private final List<SimulatedEvent> events = new ArrayList<>();
    private final List<Purchase> purchases = new ArrayList<>();
    private int made;

    private record Purchase(Instant at, long cents, String channel, String orderId) {}

    History(World world, Person person) {
        this.world = world;
        this.person = person;
    }

    List<SimulatedEvent> events() {
        if (person.prospect()) {
            look(Draws.of(world.seed(), person.number(), BEHAVIOR), 1 + person.number() % 3);
        } else {
            enroll();
            buy();
            collect();
            recommend();
            answer();
            behave();
        }
        events.sort(Comparator.comparing(SimulatedEvent::occurredAt));
        return List.copyOf(events);
    }

    private void enroll() {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put("firstName", person.firstName());
        attributes.put("email", person.email());
        attributes.put("gender", person.gender());
        attributes.put("birthDate", person.birthDate().toString());
        attributes.put("country", "TH");
        attributes.put("city", person.city().label());
        attributes.put(
                "home", Map.of("latitude", person.latitude(), "longitude", person.longitude()));
        attributes.put("income", person.income());
        attributes.put("familySize", person.familySize());
        attributes.put("interests", person.interests());
        attributes.put("needs", person.needs());
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("channel", person.channel());
        if (person.referrer() != null) {
            properties.put("referredBy", world.id(person.referrer()));
        }
        properties.put("attributes", attributes);
        properties.put(
                "consents",
                List.of(consent("email", person.emailConsent()), consent("sms", false)));
        properties.put("preferences", Map.of("channel", "email"));
        add(
                "enrollment",
                person.enrolledAt(),
                new SimulatedEvent.Identity("email", person.email()),
                properties);
    }

    private static Map<String, Object> consent(String channel, boolean granted) {
        Map<String, Object> consent = new LinkedHashMap<>();
        consent.put("purpose", "marketing");
        consent.put("channel", channel);
        consent.put("granted", granted);
        return consent;
    }

    /** Wishes are a Poisson process thinned by life cycle and season; each falls on a good day. */
    private void buy() {
        Draws draws = Draws.of(world.seed(), person.number(), PURCHASES);
        Instant start = person.enrolledAt();
        long membership = Math.max(1, Duration.between(start, world.to()).toMillis());
        double peak = LifeCycle.HIGHEST_INTENSITY * ShoppingCalendar.HIGHEST_SEASON;
        List<Instant> receipts = new ArrayList<>();
        if (person.buysAtOnce()) {
            receipts(start.plusSeconds(60 + draws.below(840)), draws, receipts);
        }
        Instant wish = start;
        while (true) {
            double pause = draws.exponential(YEAR_MILLIS / (person.rate() * peak));
            if (pause > membership) {
                break;
            }
            wish = wish.plus(PAUSE).plusMillis((long) pause);
            double share = Duration.between(start, wish).toMillis() / (double) membership;
            if (share >= person.lapsesAfter()) {
                break;
            }
            double appetite =
                    person.life().intensity(share)
                            * ShoppingCalendar.season(
                                    wish, person.truth() == TrueSegment.GIFT_GIVER);
            if (draws.uniform() < appetite / peak) {
                receipts(ShoppingCalendar.near(wish, draws), draws, receipts);
            }
        }
        receipts.sort(null);
        for (Instant at : receipts) {
            if (purchases.size() < MOST_PURCHASES && world.contains(at)) {
                purchase(at, draws);
            }
        }
    }

    /** One receipt, now and then more of them on the same day. */
    private static void receipts(Instant first, Draws draws, List<Instant> receipts) {
        Instant at = first;
        do {
            receipts.add(at);
            at = at.plusMillis((long) draws.exponential(1_800_000) + 60_000);
            if (at.isAfter(ShoppingCalendar.closing(first))) {
                return;
            }
        } while (draws.chance(ANOTHER));
    }

    private void purchase(Instant at, Draws draws) {
        long cents = person.cents(BASKET_DEVIATION * draws.normal());
        String channel = draws.chance(0.75) ? person.channel() : "web";
        String orderId = "o-" + world.runKey() + "-" + person.number() + "-" + purchases.size();
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("orderId", orderId);
        properties.put("amount", BigDecimal.valueOf(cents, 2));
        properties.put("channel", channel);
        if (channel.equals("store")) {
            properties.put("store", store(draws));
        }
        if (person.truth() == TrueSegment.BARGAIN_HUNTER && draws.chance(0.6)) {
            properties.put("discount", BigDecimal.valueOf(cents / 10, 2));
            properties.put("coupons", List.of("SAVE10"));
        }
        properties.put("items", Catalog.lines(person, cents, draws));
        add("purchase", at, null, properties);
        purchases.add(new Purchase(at, cents, channel, orderId));
    }

    private String store(Draws draws) {
        return person.city().label().substring(0, 3).toUpperCase(Locale.ROOT)
                + "-"
                + (1 + draws.below(person.city() == City.BANGKOK ? 6 : 2));
    }

    /** What follows from purchases: tiers, points, rewards, returns. */
    private void collect() {
        Draws draws = Draws.of(world.seed(), person.number(), CONSEQUENCES);
        long spent = 0;
        long points = 0;
        long unstated = 0;
        String tier = "bronze";
        for (int i = 0; i < purchases.size(); i++) {
            Purchase purchase = purchases.get(i);
            spent += purchase.cents();
            String reached = spent >= 100_000 ? "gold" : spent >= 30_000 ? "silver" : "bronze";
            if (!reached.equals(tier)) {
                add(
                        "tier.changed",
                        purchase.at().plusSeconds(120),
                        null,
                        values("to", reached, "from", tier));
                tier = reached;
            }
            unstated += purchase.cents() / 100;
            boolean lastOfQuarter =
                    i == purchases.size() - 1
                            || quarter(purchases.get(i + 1).at()) != quarter(purchase.at());
            if (lastOfQuarter && unstated > 0) {
                points += unstated;
                add(
                        "points.earned",
                        purchase.at().plusSeconds(60),
                        null,
                        values("points", unstated, "balance", points, "reason", "purchases"));
                unstated = 0;
                if (points >= 400 && draws.chance(0.5)) {
                    long price = points >= 1_000 ? 1_000 : 300;
                    points -= price;
                    add(
                            "points.spent",
                            purchase.at().plusSeconds(90),
                            null,
                            values("points", price, "balance", points, "reason", "reward"));
                    add(
                            "reward.redeemed",
                            purchase.at().plusSeconds(91),
                            null,
                            values("reward", "voucher-" + price, "points", price));
                }
            }
            if (draws.chance(0.06)) {
                long back = Math.max(100, Math.round(purchase.cents() * draws.uniform(0.3, 1)));
                Map<String, Object> line = new LinkedHashMap<>();
                Catalog.Article article = Catalog.article(person, draws);
                line.put("sku", article.sku());
                line.put("category", article.category());
                line.put("quantity", 1);
                line.put("amount", BigDecimal.valueOf(back, 2));
                add(
                        "return",
                        purchase.at().plus(Duration.ofHours(30 + draws.below(200))),
                        null,
                        values(
                                "orderId", purchase.orderId(),
                                "amount", BigDecimal.valueOf(back, 2),
                                "channel", purchase.channel(),
                                "items", List.of(line)));
            }
        }
    }

    private static long quarter(Instant at) {
        var date = at.atZone(ZoneOffset.UTC);
        return date.getYear() * 4L + (date.getMonthValue() - 1) / 3;
    }

    private void recommend() {
        for (Person referred : world.referredBy(person.number())) {
            add(
                    "referral.made",
                    referred.enrolledAt().plusSeconds(30),
                    null,
                    values("referred", referred.id(), "status", "enrolled"));
        }
    }

    private void answer() {
        Draws draws = Draws.of(world.seed(), person.number(), OPINIONS);
        Instant survey = sometime(draws);
        if (draws.chance(0.4)) {
            add(
                    "survey.answered",
                    survey,
                    null,
                    values(
                            "survey",
                            "values",
                            "answers",
                            values(
                                    "sustainability",
                                    person.sustainability(),
                                    "priceMatters",
                                    person.truth() == TrueSegment.BARGAIN_HUNTER
                                            ? 5
                                            : 1 + draws.below(4))));
        }
        Instant feedback = sometime(draws);
        int score =
                Math.clamp(
                        Math.round(
                                (person.life() == LifeCycle.LAPSED ? 5.5 : 8)
                                        + 1.6 * draws.normal()),
                        0,
                        10);
        if (!purchases.isEmpty() && draws.chance(0.25)) {
            add("feedback.given", feedback, null, values("nps", score, "touchpoint", "after-sale"));
        }
        Instant moved = sometime(draws);
        if (draws.chance(0.08)) {
            add(
                    "profile.updated",
                    moved,
                    null,
                    values("attributes", values("familySize", 1 + draws.below(6))));
        }
        Instant support = sometime(draws);
        if (draws.chance(0.05)) {
            add(
                    "support.contacted",
                    support,
                    null,
                    values(
                            "channel", "chat",
                            "direction", "inbound",
                            "topic", "delivery",
                            "resolved", draws.chance(0.8)));
        }
    }

    /** What people do around their purchases. */
    private void behave() {
        Draws draws = Draws.of(world.seed(), person.number(), BEHAVIOR);
        Instant recent = world.to().minus(RECENTLY);
        boolean lapsed =
                person.lapsesAfter() < 1
                        && person.enrolledAt()
                                .plusMillis(
                                        (long)
                                                (Duration.between(person.enrolledAt(), world.to())
                                                                .toMillis()
                                                        * person.lapsesAfter()))
                                .isBefore(recent);
        if (person.emailConsent() && !lapsed) {
            newsletters(draws);
        }
        if (person.appUser() > 0 && !lapsed) {
            int times = (int) Math.round(9 * person.appUser() * person.appUser());
            for (int i = 0; i < times; i++) {
                add(
                        "app.opened",
                        recent.plusSeconds(draws.below((int) RECENTLY.toSeconds())),
                        null,
                        values("version", "4.2", "os", draws.chance(0.5) ? "android" : "ios"));
            }
        }
        if (!lapsed && draws.chance(0.7)) {
            leaveCart(sometime(draws), draws);
            if (draws.chance(0.05)) {
                leaveCart(world.to().minusSeconds(draws.below(6 * 86_400)), draws);
            }
        }
        look(draws, draws.below(3));
        if (draws.chance(0.15)) {
            add("location.visited", sometime(draws), null, values("store", store(draws)));
        }
        if (draws.chance(0.08)) {
            add(
                    "social.interacted",
                    sometime(draws),
                    null,
                    values("network", "community", "kind", "like", "topic", "new-arrivals"));
        }
    }

    /** The last four of the letters that go out on Tuesdays. */
    private void newsletters(Draws draws) {
        Instant letter =
                world.to()
                        .atZone(ZoneOffset.UTC)
                        .with(TemporalAdjusters.previous(DayOfWeek.TUESDAY))
                        .truncatedTo(ChronoUnit.DAYS)
                        .plusHours(9)
                        .toInstant();
        double opens = person.truth().openRate() * (person.responsive() ? 1.2 : 0.35);
        double clicks = person.responsive() ? 0.75 : person.truth().clickRate() * 0.3;
        for (int weeks = 0; weeks < 4; weeks++) {
            Instant opened =
                    letter.minus(Duration.ofDays(7L * weeks)).plusSeconds(draws.below(40_000));
            boolean opensIt = draws.chance(opens);
            boolean clicksIt = draws.chance(clicks);
            if (opensIt) {
                var message = values("channel", "email", "campaign", "newsletter");
                add("message.opened", opened, null, message);
                if (clicksIt) {
                    add("message.clicked", opened.plusSeconds(20), null, message);
                }
            }
        }
    }

    private void leaveCart(Instant at, Draws draws) {
        Catalog.Article article = Catalog.article(person, draws);
        long cents = 1_000 + draws.below(9_000);
        add(
                "cart.updated",
                at,
                null,
                values(
                        "items",
                        List.of(values("sku", article.sku(), "quantity", 1)),
                        "value",
                        BigDecimal.valueOf(cents, 2)));
    }

    private void look(Draws draws, int times) {
        for (int i = 0; i < times; i++) {
            Catalog.Article article = Catalog.article(person, draws);
            add(
                    "product.viewed",
                    sometime(draws),
                    null,
                    values(
                            "sku", article.sku(),
                            "category", article.category(),
                            "brand", article.brand(),
                            "channel", "web"));
        }
    }

    private Instant sometime(Draws draws) {
        long span = Duration.between(person.enrolledAt(), world.to()).toMillis();
        return person.enrolledAt().plusMillis((long) (span * draws.uniform()));
    }

    private static Map<String, Object> values(Object... namesAndValues) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return values;
    }

    private void add(
            String type,
            Instant at,
            SimulatedEvent.@Nullable Identity identity,
            Map<String, Object> properties) {
        Instant instant = at.truncatedTo(ChronoUnit.MILLIS);
        // What would have happened before the person came or after the end has not happened.
        if (events.size() >= World.MOST_EVENTS
                || !world.contains(instant)
                || instant.isBefore(person.enrolledAt().truncatedTo(ChronoUnit.MILLIS))) {
            return;
        }
        events.add(
                new SimulatedEvent(
                        world.runKey() + "-" + person.number() + "-" + made++,
                        type,
                        SimulatedEvent.SOURCE,
                        person.id(),
                        identity,
                        instant,
                        properties));
    }
}
