package io.clientele.simulator.demo;

import io.clientele.simulator.engine.CampaignEngine;
import io.clientele.simulator.engine.Contact;
import io.clientele.simulator.engine.ContactListener;
import io.clientele.simulator.platform.DueEvents;
import io.clientele.simulator.platform.PlatformClient;
import io.clientele.simulator.world.Draws;
import io.clientele.simulator.world.Person;
import io.clientele.simulator.world.SimulatedEvent;
import io.clientele.simulator.world.World;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Members go on with their lives, as it happens: some look at products, which makes them enter the
 * campaign's segment; each of those decides some seconds later, once, whether to buy. The hidden
 * truth knows both probabilities, uncontacted and contacted, and one number drawn for the visit
 * decides which side of them it falls: what the contact changes is the true effect, whoever turns
 * out to be held back as a control.
 *
 * <p>One thread calls {@link #run} and then {@link #liveOn}; the engine runs in a thread of its
 * own.
 */
final class LiveMinute implements AutoCloseable, ContactListener {
    /** Held back by the campaign. */
    static final double CONTROL_SHARE = 0.2;

    /** What counts as bought because of it. */
    static final Duration GOAL_WINDOW = Duration.ofMinutes(1);

    private static final Duration LENGTH = Duration.ofSeconds(60);

    /** Visits begin within this part of the minute, so that all are decided in it. */
    private static final Duration VISITING = Duration.ofSeconds(32);

    private static final int MOST_VISITS = 640;
    private static final int PURPOSE = 41;
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration POLL = Duration.ofSeconds(1);

    private final World world;
    private final InstantSource clock;
    private final Screen screen;
    private final DueEvents events;
    private final CampaignEngine engine;
    private final Thread engineThread;
    private final Draws draws;
    private final List<Integer> lookers = new ArrayList<>();
    private final List<Integer> shoppers = new ArrayList<>();
    private final Map<String, Visit> visits = new LinkedHashMap<>();

    // Guarded by visits.
    private int made;
    private int bought;

    private int shopped;
    private volatile boolean closed;
    private volatile @Nullable RuntimeException failure;

    /** Somebody looks at products. Guarded by {@code visits}. */
    private static final class Visit {
        private final Person person;
        private final double draw;
        private final long cents;
        private final Instant decidesAt;
        private boolean contacted;
        private boolean decided;
        private boolean buys;

        private Visit(Person person, Draws draws, Instant at) {
            this.person = person;
            this.draw = draws.uniform();
            this.cents = person.cents(draws.uniform(-0.5, 0.5));
            this.decidesAt = at.plusMillis(14_000 + draws.below(8_000));
        }

        private double probability() {
            double effect = contacted ? person.truth().contactEffect() : 0;
            return Math.clamp(person.truth().baseline() + effect, 0, 1);
        }
    }

    /**
     * What only the simulator knows.
     *
     * @param visits by members who may be contacted
     * @param contacted of them
     * @param effect mean of what a contact adds to their probability to buy
     * @param baseline mean of that probability without a contact
     */
    record Truth(int visits, int contacted, double effect, double baseline) {}

    /**
     * Starts the engine; {@code ingest} and {@code engineClient} are of the roles of their names.
     */
    LiveMinute(
            World world,
            PlatformClient ingest,
            PlatformClient engineClient,
            InstantSource clock,
            Screen screen) {
        this.world = world;
        this.clock = clock;
        this.screen = screen;
        this.events = new DueEvents(ingest, clock);
        this.engine = new CampaignEngine(engineClient, world, events, clock, null, this);
        this.draws = Draws.of(world.seed(), world.to().getEpochSecond(), PURPOSE);
        for (int number = 0; number < world.members(); number++) {
            (number % 3 == 0 ? lookers : shoppers).add(number);
        }
        this.engineThread = Thread.ofPlatform().daemon().name("campaign-engine").start(this::play);
    }

    private void play() {
        try {
            while (!closed) {
                engine.poll(POLL);
            }
        } catch (RuntimeException failed) {
            if (!closed) {
                failure = failed;
            }
        }
    }

    @Override
    public void contacted(Person person, Contact contact) {
        synchronized (visits) {
            Visit visit = visits.get(person.id());
            if (visit == null || visit.contacted) {
                return;
            }
            visit.contacted = true;
            // Came after the decision: it can still change a mind, but not undo a purchase.
            if (visit.decided && !visit.buys && visit.draw < visit.probability()) {
                buy(visit, clock.instant().plusSeconds(1));
            }
        }
    }

    /** Lives for a minute and returns when all of it is posted. */
    void run() {
        Instant begin = clock.instant();
        Instant end = begin.plus(LENGTH);
        int planned = Math.min(MOST_VISITS, lookers.size());
        long visiting = VISITING.toMillis();
        Instant shopAt = begin;
        for (Instant now = begin; now.isBefore(end); now = clock.instant()) {
            requireHealthy();
            long elapsed = Duration.between(begin, now).toMillis();
            int due = (int) Math.min(planned, planned * elapsed / visiting);
            while (visitCount() < due) {
                visit(now);
            }
            if (now.isAfter(shopAt)) {
                shopAt = now.plusMillis((long) draws.exponential(400));
                shop(now);
            }
            decide(now);
            show(Duration.between(begin, now));
            LockSupport.parkNanos(TICK.toNanos());
        }
        decide(Instant.MAX);
        events.drain();
        requireHealthy();
        CampaignEngine.Summary summary = engine.summary();
        screen.note(
                String.format(
                        Locale.ROOT,
                        "A live minute: %,d looked at products, %,d of them bought; %,d others"
                                + " shopped",
                        visitCount(),
                        buyers(),
                        shopped));
        screen.note(
                String.format(
                        Locale.ROOT,
                        "The engine sent %,d messages; %,d were opened, %,d clicked",
                        summary.sent(),
                        summary.opened(),
                        summary.clicked()));
    }

    private void show(Duration elapsed) {
        CampaignEngine.Summary summary = engine.summary();
        screen.show(
                List.of(
                        String.format(
                                Locale.ROOT,
                                "Living a minute  %s %2d s  %,d looked, %,d contacted, %,d bought",
                                Screen.bar(elapsed.toSeconds(), LENGTH.toSeconds()),
                                elapsed.toSeconds(),
                                visitCount(),
                                summary.sent(),
                                buyers())));
    }

    private int buyers() {
        synchronized (visits) {
            return bought;
        }
    }

    private int visitCount() {
        synchronized (visits) {
            return visits.size();
        }
    }

    /** The next member who has not looked yet looks at something. */
    private void visit(Instant at) {
        Person person = world.person(lookers.remove(draws.below(lookers.size())));
        // The campaign may contact at once: the visit must be known before the platform hears of
        // it.
        synchronized (visits) {
            visits.put(person.id(), new Visit(person, draws, at));
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("sku", "SHOES-" + (1 + draws.below(24)));
        properties.put("category", "shoes");
        properties.put("channel", "web");
        event("product.viewed", person, at, properties);
    }

    /** Somebody who did not look buys something, so that segments move. */
    private void shop(Instant at) {
        Person person = world.person(shoppers.get(draws.below(shoppers.size())));
        if (draws.uniform() < person.rate() / 12) {
            shopped++;
            event(
                    "purchase",
                    person,
                    at,
                    Map.of(
                            "amount",
                            BigDecimal.valueOf(person.cents(draws.uniform(-0.5, 0.5)), 2),
                            "channel",
                            person.channel()));
        } else {
            event("app.opened", person, at, Map.of("os", "android", "version", "4.2"));
        }
    }

    private void decide(Instant now) {
        synchronized (visits) {
            for (Visit visit : visits.values()) {
                if (!visit.decided && !visit.decidesAt.isAfter(now)) {
                    visit.decided = true;
                    if (visit.draw < visit.probability()) {
                        buy(visit, clock.instant());
                    }
                }
            }
        }
    }

    private void buy(Visit visit, Instant at) {
        visit.buys = true;
        bought++;
        event(
                "purchase",
                visit.person,
                at,
                Map.of(
                        "amount",
                        BigDecimal.valueOf(visit.cents, 2),
                        "channel",
                        "web",
                        "items",
                        List.of(
                                Map.of(
                                        "sku",
                                        "SHOES-1",
                                        "category",
                                        "shoes",
                                        "quantity",
                                        1,
                                        "amount",
                                        BigDecimal.valueOf(visit.cents, 2)))));
    }

    private void event(String type, Person person, Instant at, Map<String, Object> properties) {
        String id;
        synchronized (visits) {
            id = "live-" + world.to().getEpochSecond() + "-" + made++;
        }
        events.add(
                new SimulatedEvent(
                        id,
                        type,
                        SimulatedEvent.SOURCE,
                        person.id(),
                        null,
                        at.truncatedTo(ChronoUnit.MILLIS),
                        properties));
    }

    /** The hidden truth about the visits so far. */
    Truth truth() {
        synchronized (visits) {
            List<Visit> contactable =
                    visits.values().stream().filter(visit -> visit.person.isContactable()).toList();
            return new Truth(
                    contactable.size(),
                    (int) contactable.stream().filter(visit -> visit.contacted).count(),
                    contactable.stream()
                            .mapToDouble(visit -> visit.person.truth().contactEffect())
                            .average()
                            .orElse(0),
                    contactable.stream()
                            .mapToDouble(visit -> visit.person.truth().baseline())
                            .average()
                            .orElse(0));
        }
    }

    /** Goes on at a quieter pace until the thread is interrupted or the process ends. */
    void liveOn() {
        Instant next = clock.instant();
        while (!Thread.currentThread().isInterrupted()) {
            requireHealthy();
            Instant now = clock.instant();
            if (now.isAfter(next)) {
                next = now.plusMillis((long) draws.exponential(2_000));
                if (lookers.isEmpty() || draws.chance(0.5)) {
                    shop(now);
                } else {
                    visit(now);
                }
            }
            decide(now);
            LockSupport.parkNanos(TICK.toNanos());
        }
    }

    private void requireHealthy() {
        RuntimeException failed = failure;
        if (failed != null) {
            throw failed;
        }
    }

    @Override
    public void close() {
        closed = true;
        engineThread.interrupt();
        events.close();
    }
}
