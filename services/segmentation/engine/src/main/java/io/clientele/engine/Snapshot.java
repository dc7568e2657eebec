package io.clientele.engine;

import io.clientele.engine.internal.bitmap.Bits;
import io.clientele.engine.internal.column.EventLog;
import io.clientele.engine.internal.column.IdMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * What a {@link Shard} knew at one moment; never changes, however the shard goes on. Made by {@link
 * Shard#snapshot}. Thread-safe.
 *
 * <p>Questions may be about any instant: events after it do not count, and values are those that
 * were in force. Members are told by their ordinals, which a shard gives in order of appearance and
 * never again.
 */
public final class Snapshot {
    private final ProgramModel model;
    private final long clock;
    private final IdMap ids;
    private final AttributeSpec[] attributes;
    private final Map<String, Integer> attributeIndexes;
    private final LogSpec[] logs;
    private final Map<String, Integer> logIndexes;
    private final Block[] blocks;

    /** By log and property of what is summed. */
    private final Map<List<List<Integer>>, Boolean> fitting = new ConcurrentHashMap<>();

    Snapshot(
            ProgramModel model,
            long clock,
            IdMap ids,
            AttributeSpec[] attributes,
            Map<String, Integer> attributeIndexes,
            LogSpec[] logs,
            Map<String, Integer> logIndexes,
            Block[] blocks) {
        this.model = model;
        this.clock = clock;
        this.ids = ids;
        this.attributes = attributes;
        this.attributeIndexes = attributeIndexes;
        this.logs = logs;
        this.logIndexes = logIndexes;
        this.blocks = blocks;
    }

    /** The program as it was then. */
    public ProgramModel model() {
        return model;
    }

    /** How many members there were. */
    public int memberCount() {
        int count = 0;
        for (Block block : blocks) {
            count += Bits.count(block.present(), block.words());
        }
        return count;
    }

    /** The id of a member. */
    public String id(int ordinal) {
        return ids.text(ordinal);
    }

    /**
     * How many members satisfy a condition at an instant.
     *
     * <p>Cost: reads an index for each attribute of few values, a cell of each member for other
     * attributes, and the events in the window once for each measure: about two nanoseconds an
     * event. What columns cannot answer (a member's own time zone, {@code setWithin}, {@code
     * favorite}, values not yet in force) costs some microseconds a member.
     *
     * @param threads how many threads may work on it, this one included; the others are of the
     *     common pool
     */
    public long count(Condition condition, Instant at, int threads) {
        long[] counts = new long[blocks.length];
        select(
                condition,
                at,
                threads,
                (index, block, bits) -> counts[index] = Bits.count(bits, block.words()));
        long count = 0;
        for (long each : counts) {
            count += each;
        }
        return count;
    }

    /** The members that satisfy a condition at an instant. Cost as of {@link #count}. */
    public RoaringBitmap members(Condition condition, Instant at, int threads) {
        RoaringBitmap[] parts = new RoaringBitmap[blocks.length];
        select(condition, at, threads, (index, block, bits) -> parts[index] = bitmap(block, bits));
        RoaringBitmap members = new RoaringBitmap();
        for (RoaringBitmap part : parts) {
            members.or(part);
        }
        return members;
    }

    private static RoaringBitmap bitmap(Block block, long[] bits) {
        RoaringBitmap members = new RoaringBitmap();
        int words = block.words();
        for (int word = 0; word < words; word++) {
            for (long left = bits[word]; left != 0; left &= left - 1) {
                members.add(block.base + (word << 6) + Long.numberOfTrailingZeros(left));
            }
        }
        return members;
    }

    /** Takes the members of a block that satisfy a condition. Called by several threads. */
    private interface Taker {
        void take(int index, Block block, long[] bits);
    }

    private void select(Condition condition, Instant at, int threads, Taker taker) {
        QueryNode plan = new QueryPlanner(this, at.toEpochMilli()).plan(condition);
        eachBlock(
                plan.cost(),
                threads,
                scratch -> {
                    long[] bits = scratch.borrow();
                    return (index, block) -> {
                        plan.select(block, block.presentAt(at.toEpochMilli()), bits, scratch);
                        taker.take(index, block, bits);
                    };
                });
    }

    /** What a thread does with a block. */
    private interface BlockTask {
        void run(int index, Block block);
    }

    /** Shares the blocks out to threads, each with a task of its own. */
    private void eachBlock(int cost, int threads, Function<QueryScratch, BlockTask> tasks) {
        AtomicInteger next = new AtomicInteger();
        Runnable work =
                () -> {
                    BlockTask task = tasks.apply(new QueryScratch());
                    for (int i = next.getAndIncrement();
                            i < blocks.length;
                            i = next.getAndIncrement()) {
                        task.run(i, blocks[i]);
                    }
                };
        // What indexes answer is done before another thread has woken up.
        boolean alone = cost < QueryNode.COST_COLUMN;
        int helpers = alone ? 0 : Math.min(threads, blocks.length) - 1;
        List<ForkJoinTask<?>> others = new ArrayList<>(Math.max(helpers, 0));
        for (int i = 0; i < helpers; i++) {
            others.add(ForkJoinPool.commonPool().submit(work));
        }
        work.run();
        for (ForkJoinTask<?> other : others) {
            other.join();
        }
    }

    /**
     * What each part of a condition contributes.
     *
     * @param population how many members were counted
     * @param members who satisfies the whole
     * @param parts as {@link PartCounter#parts}
     */
    public record Parts(long population, RoaringBitmap members, List<PartCount> parts) {}

    /**
     * Counts a condition and each part of it at an instant. Cost: that of {@link #count} for each
     * leaf, and some nanoseconds a member and leaf.
     */
    public Parts parts(Condition condition, Instant at, int threads) {
        PlanNode root = new Planner(model).plan(condition);
        QueryPlanner planner = new QueryPlanner(this, at.toEpochMilli());
        PartQuery query = PartQuery.of(root, model, planner);
        RoaringBitmap[] members = new RoaringBitmap[blocks.length];
        Queue<Supplier<PartCounter>> counters = new ConcurrentLinkedQueue<>();
        eachBlock(
                query == null ? QueryNode.COST_MEMBERS : query.cost(),
                threads,
                scratch -> {
                    long[] bits = scratch.borrow();
                    BiConsumer<Block, long[]> taker;
                    if (query == null) {
                        PartCounter counter = new PartCounter(root, model);
                        counters.add(() -> counter);
                        taker = (block, among) -> addEach(counter, condition, block, at, bits);
                    } else {
                        PartQuery.Run run = query.run();
                        counters.add(run::counted);
                        taker = (block, among) -> run.take(block, among, bits, scratch);
                    }
                    return (index, block) -> {
                        taker.accept(block, block.presentAt(at.toEpochMilli()));
                        members[index] = bitmap(block, bits);
                    };
                });
        RoaringBitmap all = new RoaringBitmap();
        for (RoaringBitmap each : members) {
            all.or(each);
        }
        long population = 0;
        List<PartCount> parts = new PartCounter(root, model).parts();
        for (Supplier<PartCounter> each : counters) {
            PartCounter counted = each.get();
            population += counted.members();
            List<PartCount> more = counted.parts();
            List<PartCount> before = parts;
            parts =
                    IntStream.range(0, more.size())
                            .mapToObj(i -> before.get(i).plus(more.get(i)))
                            .toList();
        }
        return new Parts(population, all, parts);
    }

    private void addEach(
            PartCounter counter, Condition condition, Block block, Instant at, long[] into) {
        Dependencies needs = new Evaluator(model).dependsOn(condition);
        int[] ofAttributes = attributesOf(needs);
        int[] ofLogs = logsOf(needs);
        long[] among = block.presentAt(at.toEpochMilli());
        for (int word = 0; word < block.words(); word++) {
            long passed = 0;
            for (long left = among[word]; left != 0; left &= left - 1) {
                int member = (word << 6) + Long.numberOfTrailingZeros(left);
                MemberHistory history =
                        block.history(id(block.base + member), member, logs, ofAttributes, ofLogs);
                passed |= counter.add(history, at) ? 1L << member : 0L;
            }
            into[word] = passed;
        }
    }

    /** The same members, whose conditions refer to other segments. */
    public Snapshot withSegments(Map<String, Condition> segments) {
        return new Snapshot(
                model.withSegments(segments),
                clock,
                ids,
                attributes,
                attributeIndexes,
                logs,
                logIndexes,
                blocks);
    }

    /**
     * Some of the members that satisfy a condition, drawn at random, each as likely as any other.
     *
     * @param size how many at most
     * @param seed equal seeds draw the same of equal members
     * @return ordinals in order
     */
    public int[] sample(Condition condition, Instant at, int size, long seed, int threads) {
        RoaringBitmap members = members(condition, at, threads);
        int count = members.getCardinality();
        if (count <= size) {
            return members.toArray();
        }
        // Floyd's algorithm: as many draws as are wanted, each another place.
        RandomGenerator random = new SplittableRandom(seed);
        RoaringBitmap places = new RoaringBitmap();
        for (int last = count - size; last < count; last++) {
            int place = random.nextInt(last + 1);
            places.add(places.contains(place) ? last : place);
        }
        int[] drawn = new int[size];
        int index = 0;
        for (int place : places.toArray()) {
            drawn[index++] = members.select(place);
        }
        return drawn;
    }

    /**
     * How many members satisfy two conditions at once, for each pair; on the diagonal, how many
     * satisfy one. Cost: that of {@link #count} for each condition, and one pass over the bits of
     * the block for each pair.
     */
    public long[][] overlap(List<Condition> conditions, Instant at, int threads) {
        int size = conditions.size();
        long[][] shared = new long[size][size];
        List<RoaringBitmap> members =
                conditions.stream().map(condition -> members(condition, at, threads)).toList();
        for (int i = 0; i < size; i++) {
            for (int j = i; j < size; j++) {
                shared[i][j] = RoaringBitmap.andCardinality(members.get(i), members.get(j));
                shared[j][i] = shared[i][j];
            }
        }
        return shared;
    }

    /**
     * How values are spread over members.
     *
     * @param members how many were looked at
     * @param unset how many of them have no value
     * @param counts of texts, flags and elements of sets: how many members have each
     * @param numbers of numbers and times (days, or milliseconds, since 1970): those of all members
     *     that have one, in order; numbers in millionths
     */
    public record Distribution(long members, long unset, Map<String, Long> counts, long[] numbers) {
        /**
         * The number below which a share of the members lies.
         *
         * @param share from 0, the smallest, to 1, the largest
         * @throws java.util.NoSuchElementException if nobody has a number
         */
        public long quantile(double share) {
            if (numbers.length == 0) {
                throw new NoSuchElementException("nobody has a number");
            }
            return numbers[(int) Math.round(share * (numbers.length - 1))];
        }
    }

    /**
     * How the values of an attribute are spread over the members that satisfy a condition. Compare
     * with that over everyone, the empty {@code all}. Cost: that of {@link #count} and some tens of
     * nanoseconds a member.
     *
     * @param attribute its name; also that of the age, which follows from the birth date
     */
    public Distribution distribution(String attribute, Condition among, Instant at, int threads) {
        return distribution(attribute, members(among, at, threads), at);
    }

    /** The same over members told by their ordinals, for those who ask about several attributes. */
    public Distribution distribution(String attribute, RoaringBitmap members, Instant at) {
        boolean age = attribute.equals(ProgramModel.AGE) && model.hasDerivedAge();
        long today = Calendars.today(at.toEpochMilli(), model.zone());
        int index = attributeIndex(age ? ProgramModel.BIRTH_DATE : attribute);
        Spread spread = new Spread();
        members.forEach((int ordinal) -> {
            Value value = index < 0 ? null : value(ordinal, index, at.toEpochMilli());
            spread.add(age && value != null ? Ages.at(value, today) : value);
        });
        return spread.distribution();
    }

    private @Nullable Value value(int ordinal, int index, long at) {
        Block block = blocks[ordinal >>> Block.SHIFT];
        AttributeStore store = block.attribute(index);
        if (store == null) {
            return null;
        }
        int member = ordinal - block.base;
        if (store.latest() <= Math.min(at, clock)) {
            return store.current(member);
        }
        StoredVersion version =
                block.history(id(ordinal), member, logs, new int[] {index}, new int[0])
                        .version(store.spec.name, at);
        return version == null ? null : version.value();
    }

    /**
     * How a measure over events is spread over the members that satisfy a condition; the leaf's own
     * comparison is of no account. Averages and shares are cut to millionths. Cost: that of {@link
     * #count} and some microseconds a member.
     */
    public Distribution distribution(
            Condition.Event measure, Condition among, Instant at, int threads) {
        Dependencies needs = new Evaluator(model).dependsOn(measure);
        int[] ofAttributes = attributesOf(needs);
        int[] ofLogs = logsOf(needs);
        PlanNode.EventLeaf leaf = new PlanNode.EventLeaf("", measure, model);
        Spread spread = new Spread();
        members(among, at, threads)
                .forEach((int ordinal) -> {
                    Block block = blocks[ordinal >>> Block.SHIFT];
                    MemberHistory history =
                            block.history(
                                    id(ordinal), ordinal - block.base, logs, ofAttributes, ofLogs);
                    spread.add(leaf.tally(new Frame(history, model, at.toEpochMilli())).cut());
                });
        return spread.distribution();
    }

    /** Collects values. */
    private static final class Spread {
        private long members;
        private long unset;
        private final Map<String, Long> counts = new TreeMap<>();
        private long[] numbers = new long[64];
        private int count;

        void add(@Nullable Value value) {
            members++;
            switch (value) {
                case null -> unset++;
                case Value.Text text -> counts.merge(text.original(), 1L, Long::sum);
                case Value.Flag flag -> counts.merge(flag.toString(), 1L, Long::sum);
                case Value.Place place -> counts.merge(place.toString(), 1L, Long::sum);
                case Value.Texts texts -> {
                    // An element that is there twice is one.
                    for (Value.Text text : new LinkedHashSet<>(texts.elements())) {
                        counts.merge(text.original(), 1L, Long::sum);
                    }
                }
                case Value.Num ignored -> addNumber(AttributeSpec.number(value));
                case Value.Day ignored -> addNumber(AttributeSpec.number(value));
                case Value.Moment ignored -> addNumber(AttributeSpec.number(value));
            }
        }

        private void addNumber(long number) {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, count * 2);
            }
            numbers[count++] = number;
        }

        Distribution distribution() {
            long[] sorted = Arrays.copyOf(numbers, count);
            Arrays.sort(sorted);
            return new Distribution(members, unset, new TreeMap<>(counts), sorted);
        }
    }

    /**
     * Why a member satisfies a condition at an instant or does not: each leaf's value, bound,
     * verdict and next flip.
     */
    public Explanation explain(Condition condition, int ordinal, Instant at) {
        Evaluator evaluator = new Evaluator(model);
        Dependencies needs = evaluator.dependsOn(condition);
        Block block = blocks[ordinal >>> Block.SHIFT];
        return evaluator.explain(
                condition,
                block.history(
                        id(ordinal),
                        ordinal - block.base,
                        logs,
                        attributesOf(needs),
                        logsOf(needs)),
                at);
    }

    /** Whether sums of these numbers are exact in 63 bits; looked at once for each property. */
    boolean sumsFit(List<EventQuery.Part> parts) {
        return fitting.computeIfAbsent(
                parts.stream().map(part -> List.of(part.log(), part.property())).toList(),
                unused -> {
                    for (Block block : blocks) {
                        List<@Nullable EventLog> ofParts = new ArrayList<>();
                        for (EventQuery.Part part : parts) {
                            ofParts.add(block.log(part.log()));
                        }
                        if (!EventQuery.fits(parts, ofParts, block.size())) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    long clockMillis() {
        return clock;
    }

    int blockCount() {
        return blocks.length;
    }

    Block block(int index) {
        return blocks[index];
    }

    LogSpec[] logSpecs() {
        return logs;
    }

    AttributeSpec attributeSpec(int index) {
        return attributes[index];
    }

    /** The index of an attribute that some member had a value of, or -1. */
    int attributeIndex(String name) {
        return attributeIndexes.getOrDefault(name, -1);
    }

    /** The index of the log of a type's events or of their line items, or -1. */
    int logIndex(String type, boolean items) {
        return logIndexes.getOrDefault(logKey(type, items), -1);
    }

    /** The indexes of all attributes and scores that a verdict depends on. */
    int[] attributesOf(Dependencies needs) {
        return attributesOf(needs, attributeIndexes);
    }

    static int[] attributesOf(Dependencies needs, Map<String, Integer> indexes) {
        return Stream.concat(
                        needs.attributes().stream(),
                        needs.scores().stream().map(AttributeSpec::scoreKey))
                .filter(indexes::containsKey)
                .mapToInt(indexes::get)
                .distinct()
                .toArray();
    }

    /** The indexes of all logs that a verdict depends on; line items follow their orders. */
    int[] logsOf(Dependencies needs) {
        return logsOf(needs, logIndexes);
    }

    static int[] logsOf(Dependencies needs, Map<String, Integer> indexes) {
        return Stream.concat(
                        needs.eventTypes().stream()
                                .flatMap(
                                        type -> Stream.of(logKey(type, false), logKey(type, true))),
                        needs.transitions().stream()
                                .flatMap(segment ->
                                        Stream.of(
                                                transitionKey(segment, true),
                                                transitionKey(segment, false))))
                .filter(indexes::containsKey)
                .mapToInt(indexes::get)
                .distinct()
                .toArray();
    }

    static String transitionKey(String segment, boolean entered) {
        return (entered ? "entered " : "left ") + segment;
    }

    static String logKey(String type, boolean items) {
        return items ? type + "/items" : type;
    }
}
