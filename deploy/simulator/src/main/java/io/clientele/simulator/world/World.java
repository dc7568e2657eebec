package io.clientele.simulator.world;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The people of a loyalty program and what they did between two instants. A pure function of its
 * arguments: nothing is kept, so that the size of a world costs no memory. Immutable and
 * thread-safe.
 *
 * @param seed everything random follows from it
 * @param members how many enrolled; there is one prospect for every ten of them besides
 * @param from when the time simulated begins, inclusive
 * @param to when it ends, exclusive
 */
public record World(long seed, int members, Instant from, Instant to) {
    /** Nobody has more events than this. */
    public static final int MOST_EVENTS = 50;

    private static final int MEMBERS_FOR_A_PROSPECT = 10;
    private static final int SLICE_EVENTS = 600_000;
    private static final int EVENTS_A_MEMBER = 14;

    /** Members who may recommend the program to each other: a block of neighboring numbers. */
    private static final int BLOCK = 8;

    private static final Duration WEEK = Duration.ofDays(7);
    private static final String PREFIX = "m-";
    private static final String PROSPECT_PREFIX = "p-";

    public World {
        if (members < 1 || members > 10_000_000) {
            throw new IllegalArgumentException(
                    "a world has 1 to 10,000,000 members, was " + members);
        }
        if (!from.isBefore(to)
                || Duration.between(from, to).compareTo(Duration.ofDays(3_660)) > 0) {
            throw new IllegalArgumentException(
                    "the time simulated must end after it begins, at most ten years later: "
                            + from
                            + " to "
                            + to);
        }
    }

    /** Members and prospects together. */
    public int people() {
        return members + (members + MEMBERS_FOR_A_PROSPECT - 1) / MEMBERS_FOR_A_PROSPECT;
    }

    /**
     * Somebody.
     *
     * @param number from 0 inclusive to {@link #people} exclusive; members come first
     */
    public Person person(int number) {
        return People.person(this, number);
    }

    /** Somebody by id; empty for an id that is not of this world. */
    public Optional<Person> find(String id) {
        boolean prospect = id.startsWith(PROSPECT_PREFIX);
        if (!prospect && !id.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            int number = Integer.parseInt(id.substring(PREFIX.length())) - 1;
            int person = prospect ? members + number : number;
            return number >= 0 && person < people() && id(person).equals(id)
                    ? Optional.of(person(person))
                    : Optional.empty();
        } catch (NumberFormatException notOfThisWorld) {
            return Optional.empty();
        }
    }

    /** All that somebody did, in the order of time; at most {@value #MOST_EVENTS} events. */
    public List<SimulatedEvent> events(Person person) {
        return new History(this, person).events();
    }

    /**
     * Everything that happened, in the order of time, then of people. Large worlds are made several
     * times over, a part of the time each, so that memory stays bounded.
     */
    public void forEachEvent(Consumer<SimulatedEvent> consumer) {
        forEachEvent((int) ((long) people() * EVENTS_A_MEMBER / SLICE_EVENTS) + 1, consumer);
    }

    /** The same in so many parts, which must make no difference. */
    void forEachEvent(int slices, Consumer<SimulatedEvent> consumer) {
        long span = Duration.between(from, to).toMillis();
        for (int slice = 0; slice < slices; slice++) {
            Instant begin = from.plusMillis(span * slice / slices);
            Instant end = slice == slices - 1 ? to : from.plusMillis(span * (slice + 1) / slices);
            List<SimulatedEvent> events = new ArrayList<>();
            for (int number = 0; number < people(); number++) {
                for (SimulatedEvent event : events(person(number))) {
                    if (!event.occurredAt().isBefore(begin) && event.occurredAt().isBefore(end)) {
                        events.add(event);
                    }
                }
            }
            events.sort(Comparator.comparing(SimulatedEvent::occurredAt));
            events.forEach(consumer);
        }
    }

    String id(int number) {
        return number < members
                ? String.format(Locale.ROOT, "%s%06d", PREFIX, number + 1)
                : String.format(Locale.ROOT, "%s%06d", PROSPECT_PREFIX, number - members + 1);
    }

    /** Tells the events of this world from those of another, in their ids. */
    String runKey() {
        long key = (seed * 31 + from.toEpochMilli()) * 31 + to.toEpochMilli();
        return Long.toString(Math.floorMod(key * 0x9E3779B97F4A7C15L, 60_466_176L), 36);
    }

    /** Who recommended the program to a member, from its own draws; null for nobody. */
    @Nullable Integer referrer(int number, Draws draws) {
        if (!draws.chance(0.09)) {
            return null;
        }
        int candidate = number - number % BLOCK + draws.below(BLOCK);
        return candidate < members && enrolledAt(candidate).isBefore(enrolledAt(number))
                ? candidate
                : null;
    }

    /** The members whom a member brought in. */
    List<Person> referredBy(int number) {
        List<Person> referred = new ArrayList<>();
        int first = number - number % BLOCK;
        for (int other = first; other < Math.min(first + BLOCK, members); other++) {
            Person person = person(other);
            if (Integer.valueOf(number).equals(person.referrer())) {
                referred.add(person);
            }
        }
        return referred;
    }

    /** When somebody joins: a fifth were there before and come in within the first days. */
    Instant enrolledAt(int number) {
        Draws draws = Draws.of(seed, number, People.ENROLLMENT);
        long span = Duration.between(from, to).toMillis();
        double share = draws.chance(0.22) ? draws.uniform(0, 10 / 365.0) : draws.uniform();
        Instant wish = from.plusMillis((long) (span * share));
        Instant at = ShoppingCalendar.near(wish, draws);
        if (at.isBefore(from)) {
            at = at.plus(WEEK);
        }
        if (!at.isBefore(to)) {
            at = at.minus(WEEK);
        }
        return contains(at) ? at : wish;
    }

    /** Whether an instant is in the time simulated. */
    boolean contains(Instant at) {
        return !at.isBefore(from) && at.isBefore(to);
    }
}
