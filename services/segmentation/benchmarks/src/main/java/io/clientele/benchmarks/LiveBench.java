package io.clientele.benchmarks;

import io.clientele.engine.Condition;
import io.clientele.engine.ProgramModel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a live engine costs: events with their expiries, waves, memory. The clock follows the
 * events; every window had as many events an hour ago as now, so expiries equal arrivals.
 */
final class LiveBench {
    private static final int WARM_UP_EVENTS = 100_000;
    private static final int EVENTS = 500_000;

    /** Two engines are compared by turns of so many events. */
    private static final int TURN = 25_000;

    private static final int TURNS = 20;

    private static final int WAVE_MEMBERS = 100_000;
    private static final int WAVES = 5;

    /** Changes that the writer makes before it looks for events again. */
    static final int SLICE = 1_000;

    private final World world;
    private final Report report;

    LiveBench(World world, Report report) {
        this.world = world;
        this.report = report;
    }

    /** Measures. */
    void run(ProgramModel model) {
        LiveSegments segments = new LiveSegments(world, model);
        report.atMost(
                "memory.bytesPerMember",
                bytesPerMember(model, segments),
                250,
                "bytes",
                "30 attributes, 10 measures, the id");
        report.atLeast(
                "event.perSecondPerCore",
                eventsPerSecond(model, segments),
                300_000,
                "/s",
                "events applied, expiries equal to arrivals, all segments re-evaluated");
        report.atMost(
                "event.costUntouched1000Over10",
                costRatio(model, segments.few(), segments.fewAmongUntouched()),
                1.1,
                "times",
                "an event's time with 1,000 segments over its time with 10, the others untouched");
        report.atMost(
                "event.costShared1000Over10",
                costRatio(model, segments.few(), segments.overSharedLeaves()),
                2,
                "times",
                "the same, 1,000 segments over the leaves of the 10, all touched");
        report.atMost(
                "wave.maxSliceMillis",
                longestSlice(),
                5,
                "ms",
                "longest stall of the writer while 100,000 members flip at one instant");
    }

    /** With the measures of the few segments: counts and sums over five windows. */
    private double bytesPerMember(ProgramModel model, LiveSegments segments) {
        report.say("memory: 10 measures");
        return filled(model, segments.few()).retained().members() / (double) world.members;
    }

    private double eventsPerSecond(ProgramModel model, LiveSegments segments) {
        report.say("events: 1,000 segments over 200 leaves");
        EngineSide engine = filled(model, segments.overAllLeaves());
        Purchases arrivals = world.arrivals(11, WARM_UP_EVENTS + EVENTS);
        replay(engine, arrivals, 0, WARM_UP_EVENTS);
        long changes = engine.changes();
        double nanos = replay(engine, arrivals, WARM_UP_EVENTS, arrivals.count());
        report.figure(
                "event.changesPerEvent",
                (engine.changes() - changes) / (double) EVENTS,
                "",
                "members that entered or left a segment, for each event");
        return EVENTS / (nanos / 1e9);
    }

    /** The second's time for an event over the first's, by turns. */
    private double costRatio(ProgramModel model, List<Condition> first, List<Condition> second) {
        report.say("events: " + second.size() + " segments against " + first.size());
        EngineSide fewer = filled(model, first);
        EngineSide more = filled(model, second);
        Purchases arrivals = world.arrivals(12, WARM_UP_EVENTS + TURN * TURNS);
        replay(fewer, arrivals, 0, WARM_UP_EVENTS);
        replay(more, arrivals, 0, WARM_UP_EVENTS);
        double[] ratios = new double[TURNS];
        for (int turn = 0; turn < TURNS; turn++) {
            int from = WARM_UP_EVENTS + turn * TURN;
            double of = replay(fewer, arrivals, from, from + TURN);
            ratios[turn] = replay(more, arrivals, from, from + TURN) / of;
        }
        return Timing.median(ratios);
    }

    /** Nanoseconds. */
    private static double replay(EngineSide engine, Purchases arrivals, int from, int to) {
        long begin = System.nanoTime();
        for (int i = from; i < to; i++) {
            while (!engine.advanceTo(arrivals.times[i], SLICE)) {
                // The next slice.
            }
            engine.apply(arrivals, i);
        }
        return System.nanoTime() - begin;
    }

    /** Everybody buys at one instant; 30 days later all leave at one instant, while others buy. */
    private double longestSlice() {
        report.say("waves of 100,000");
        World crowd = World.create(world.seed, world.at, WAVE_MEMBERS, 0);
        ProgramModel model = crowd.model();
        EngineSide engine = EngineSide.create(model);
        engine.addMembers(crowd);
        engine.publish();
        engine.define(
                "bought-in-30-days",
                LiveSegments.condition(
                        "{\"event\":\"purchase\",\"within\":{\"last\":\"P30D\"}}", model));
        int[] everybody = IntStream.range(0, WAVE_MEMBERS).toArray();
        double longest = 0;
        Instant now = world.at;
        for (int wave = 0; wave <= WAVES; wave++) {
            Purchases together = Purchases.together(everybody, now.toEpochMilli());
            while (!engine.advanceTo(now.toEpochMilli(), SLICE)) {
                // The next slice.
            }
            for (int i = 0; i < together.count(); i++) {
                engine.apply(together, i);
            }
            long before = engine.changes();
            Instant end = now.plus(Duration.ofDays(30));
            double slowest = 0;
            boolean done = false;
            while (!done) {
                long begin = System.nanoTime();
                done = engine.advanceTo(end.toEpochMilli(), SLICE);
                slowest = Math.max(slowest, (System.nanoTime() - begin) / 1e6);
            }
            if (engine.changes() - before != WAVE_MEMBERS) {
                report.fail(
                        "a wave of "
                                + WAVE_MEMBERS
                                + " flips made "
                                + (engine.changes() - before)
                                + " changes");
            }
            if (wave > 0) {
                longest = Math.max(longest, slowest);
            }
            now = end.plus(Duration.ofDays(1));
        }
        return longest;
    }

    private EngineSide filled(ProgramModel model, List<Condition> segments) {
        EngineSide engine = EngineSide.create(model);
        engine.addMembers(world);
        engine.addPurchases(world.purchases, 0, world.purchases.count());
        engine.publish();
        while (!engine.advanceTo(world.at.toEpochMilli(), SLICE)) {
            // The next slice.
        }
        for (int i = 0; i < segments.size(); i++) {
            engine.define("segment-" + i, segments.get(i));
        }
        return engine;
    }
}
