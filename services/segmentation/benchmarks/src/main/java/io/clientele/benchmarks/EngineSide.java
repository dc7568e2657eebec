package io.clientele.benchmarks;

import io.clientele.engine.Condition;
import io.clientele.engine.ProgramModel;
import io.clientele.engine.Shard;
import io.clientele.engine.Snapshot;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The engine that is measured: one shard. All that knows how it is called is here; one thread at a
 * time.
 */
final class EngineSide {
    /** Millionths in a hundredth. */
    private static final long OF_A_CENT = 10_000;

    private static final int LISTED_THREADS = 1;

    /**
     * What is kept, in bytes.
     *
     * @param members attributes, ids, measures and memberships
     * @param events events with their properties
     */
    record Retained(long members, long events) {}

    private final Shard shard;
    private final Shard.Appender purchase;
    private final int amount;
    private final int category;
    private final int store;
    private final int channel;
    private int[] ordinals = {};
    private Snapshot snapshot;

    private long changes;

    private EngineSide(ProgramModel model) {
        shard = new Shard(model, (segment, member, entered, at, cause) -> changes++);
        purchase = shard.appender(World.PURCHASE);
        amount = purchase.property("amount");
        category = purchase.property("category");
        store = purchase.property("store");
        channel = purchase.property("channel");
        snapshot = shard.snapshot();
    }

    /** An engine that holds nobody. */
    static EngineSide create(ProgramModel model) {
        return new EngineSide(model);
    }

    /** Adds all members with their attributes, in the order of their numbers. */
    void addMembers(World world) {
        Instant begin = world.at.minus(World.HISTORY);
        shard.advanceTo(begin);
        ordinals = new int[world.members];
        for (int member = 0; member < world.members; member++) {
            ordinals[member] = shard.member(World.id(member));
            for (Column column : world.columns) {
                Object value = column.value(member);
                if (value != null) {
                    shard.setAttribute(ordinals[member], column.name(), value, begin);
                }
            }
        }
    }

    /** Adds events before any segment is defined: a rebuild. */
    void addPurchases(Purchases purchases, int from, int to) {
        for (int i = from; i < to; i++) {
            add(purchases, i);
        }
    }

    private void add(Purchases purchases, int i) {
        purchase.event(ordinals[purchases.buyers[i]], purchases.times[i]);
        purchase.number(amount, purchases.cents[i] * OF_A_CENT);
        purchase.text(category, World.CATEGORIES.get(purchases.categories[i]));
        purchase.text(store, World.STORES.get(purchases.stores[i]));
        purchase.text(channel, World.CHANNELS.get(purchases.channels[i]));
        purchase.add();
    }

    /** What was added can be asked about from now on. */
    void publish() {
        snapshot = shard.snapshot();
    }

    /** How many members satisfy the condition, from scratch. */
    long count(Condition condition, Instant at, int threads) {
        return snapshot.count(condition, at, threads);
    }

    /** Who does, by number and in order; need not be fast. */
    List<Integer> members(Condition condition, Instant at) {
        int[] found = snapshot.members(condition, at, LISTED_THREADS).toArray();
        // Ordinals are given in order of appearance, as numbers are.
        return Arrays.stream(found).mapToObj(this::number).toList();
    }

    private Integer number(int ordinal) {
        return Arrays.binarySearch(ordinals, ordinal);
    }

    /** The bytes that the plainest windowed count must read for each event in the window. */
    static int bytesReadPerEvent() {
        return Short.BYTES;
    }

    Retained retained() {
        Map<String, Long> bytes = shard.retainedBytes();
        long all = bytes.values().stream().mapToLong(Long::longValue).sum();
        long events = bytes.getOrDefault("events", 0L);
        return new Retained(all - events, events);
    }

    /** Makes a segment active and evaluates it over everybody. */
    void define(String key, Condition condition) {
        Shard.Difference difference = shard.define(key, condition);
        changes += difference.entered().getCardinality() + difference.left().getCardinality();
    }

    /** Applies one event and re-evaluates all segments that it concerns. */
    void apply(Purchases purchases, int index) {
        add(purchases, index);
    }

    /**
     * Moves the clock on and re-evaluates what that flips.
     *
     * @param limit the most events and members to look at in this call
     * @return whether all that was due is done
     */
    boolean advanceTo(long millis, int limit) {
        return shard.advanceTo(Instant.ofEpochMilli(millis), limit);
    }

    /** Members that entered or left a segment since the beginning. */
    long changes() {
        return changes;
    }
}
