package io.clientele.benchmarks;

import io.clientele.engine.Condition;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Counts of unsaved conditions, from scratch, in DuckDB and in the engine: the same data, threads
 * and process, one after the other in turn.
 */
final class PreviewBench {
    private static final double WARM_UP_MILLIS = 500;
    private static final int LEAST_WARM_UPS = 5;
    private static final int RUNS_OF_A_WAY = 5;

    private static final int RUNS_OF_EVERY_WAY = 2;

    /** A way that takes so many times the fastest gets no more runs. */
    private static final double HOPELESS = 2;

    private static final int ROUNDS = 9;

    /** One engine answer may take microseconds; a timed run is as many as fill this. */
    private static final double SHORTEST_RUN_MILLIS = 5;

    private static final int MOST_REPEATS = 1_000;
    private static final int SHOWN_MEMBERS = 5;

    private final World world;
    private final DuckDb duckDb;
    private final Report report;
    private final int threads;
    private final Baseline baseline;

    PreviewBench(World world, DuckDb duckDb, Report report, int threads) {
        this.world = world;
        this.duckDb = duckDb;
        this.report = report;
        this.threads = threads;
        baseline = new Baseline(world);
    }

    /** A way to ask and what it takes. */
    record Timed(Baseline.Query query, double millis) {}

    /** Times every way to ask DuckDB; shows them all. */
    void compareWays(Map<String, Condition> conditions) throws SQLException {
        for (String name : conditions.keySet()) {
            List<Timed> ways = times(name);
            Set<Long> counts = new HashSet<>();
            for (Timed way : ways) {
                try (DuckDb.Count count = duckDb.prepareCount(way.query().sql())) {
                    long found = count.run();
                    counts.add(found);
                    report.say(
                            String.format(
                                    Locale.ROOT,
                                    "  %-22s %-48s %10.2f ms %,10d members",
                                    name,
                                    way.query().way(),
                                    way.millis(),
                                    found));
                }
            }
            if (counts.size() > 1) {
                report.fail(name + ": the ways to ask DuckDB disagree: " + counts);
            }
            report.figure(
                    "duckdb." + name + ".millis",
                    fastest(ways).millis(),
                    "ms",
                    fastest(ways).query().way());
        }
    }

    /** Measures all conditions in both. */
    void run(Map<String, Condition> conditions, EngineSide engine) throws SQLException {
        double logarithms = 0;
        double worst = Double.POSITIVE_INFINITY;
        for (Map.Entry<String, Condition> condition : conditions.entrySet()) {
            double ratio = run(condition.getKey(), condition.getValue(), engine);
            logarithms += Math.log(ratio);
            worst = Math.min(worst, ratio);
        }
        report.atLeast(
                "preview.ratioToDuckDb",
                Math.exp(logarithms / conditions.size()),
                25,
                "times",
                "faster than DuckDB, geometric mean of the conditions");
        report.atLeast(
                "preview.worstRatioToDuckDb", worst, 4, "times", "faster than DuckDB, the worst");
    }

    /** Measures all conditions in the engine alone, for the growth with the number of members. */
    static void runAlone(
            World world,
            Map<String, Condition> conditions,
            EngineSide engine,
            Report report,
            int threads)
            throws SQLException {
        for (Map.Entry<String, Condition> condition : conditions.entrySet()) {
            Timing.Run ours = () -> engine.count(condition.getValue(), world.at, threads);
            report.figure(
                    "preview." + condition.getKey() + ".millis",
                    median(ours, warmedUp(ours)),
                    "ms",
                    "in the engine");
        }
    }

    private static double median(Timing.Run run, int repeats) throws SQLException {
        double[] millis = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            millis[i] = repeated(run, repeats);
        }
        return Timing.median(millis);
    }

    private double run(String name, Condition condition, EngineSide engine) throws SQLException {
        Baseline.Query query = fastest(times(name)).query();
        try (DuckDb.Count count = duckDb.prepareCount(query.sql())) {
            check(name, condition, query, count.run(), engine);
            Timing.Run ours = () -> engine.count(condition, world.at, threads);
            count.run();
            int repeats = warmedUp(ours);
            double[] engineMillis = new double[ROUNDS];
            double[] duckDbMillis = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                duckDbMillis[i] = Timing.millis(count::run);
                engineMillis[i] = repeated(ours, repeats);
            }
            double millis = Timing.median(engineMillis);
            double ratio = Timing.median(duckDbMillis) / millis;
            report.figure("preview." + name + ".millis", millis, "ms", "in the engine");
            report.figure(
                    "preview." + name + ".duckDbMillis",
                    Timing.median(duckDbMillis),
                    "ms",
                    "in DuckDB: " + query.way());
            report.figure(
                    "preview." + name + ".ratioToDuckDb", ratio, "times", "faster than DuckDB");
            return ratio;
        }
    }

    /** How many runs in a row make a time long enough to be read, once the compiler is done. */
    private static int warmedUp(Timing.Run run) throws SQLException {
        double last = Timing.millis(run);
        double spent = last;
        for (int i = 1; spent < WARM_UP_MILLIS || i < LEAST_WARM_UPS; i++) {
            last = Timing.millis(run);
            spent += last;
        }
        return (int) Math.clamp(SHORTEST_RUN_MILLIS / last, 1, MOST_REPEATS);
    }

    /** Milliseconds of one of several runs in a row. */
    private static double repeated(Timing.Run run, int times) throws SQLException {
        return Timing.millis(() -> {
            long answer = 0;
            for (int i = 0; i < times; i++) {
                answer += run.run();
            }
            return answer;
        })
                / times;
    }

    private void check(
            String name,
            Condition condition,
            Baseline.Query query,
            long inDuckDb,
            EngineSide engine)
            throws SQLException {
        long inEngine = engine.count(condition, world.at, threads);
        if (inEngine == inDuckDb) {
            return;
        }
        Set<Integer> theirs = new HashSet<>(duckDb.members(query.sql()));
        Set<Integer> ours = new HashSet<>(engine.members(condition, world.at));
        report.fail(
                String.format(
                        Locale.ROOT,
                        "%s: %,d members in the engine, %,d in DuckDB (%s); only in the engine: %s;"
                                + " only in DuckDB: %s",
                        name,
                        inEngine,
                        inDuckDb,
                        query.way(),
                        some(ours, theirs),
                        some(theirs, ours)));
    }

    private static List<String> some(Set<Integer> these, Set<Integer> withoutThose) {
        return these.stream()
                .filter(member -> !withoutThose.contains(member))
                .sorted()
                .limit(SHOWN_MEMBERS)
                .map(World::id)
                .toList();
    }

    /** Each way twice; those that come near the fastest several times. */
    private List<Timed> times(String name) throws SQLException {
        List<Timed> once = new ArrayList<>();
        for (Baseline.Query query : baseline.ways(name)) {
            once.add(new Timed(query, millis(query, RUNS_OF_EVERY_WAY)));
        }
        double limit = HOPELESS * fastest(once).millis();
        List<Timed> timed = new ArrayList<>();
        for (Timed way : once) {
            timed.add(
                    way.millis() > limit
                            ? way
                            : new Timed(way.query(), millis(way.query(), RUNS_OF_A_WAY)));
        }
        return timed;
    }

    /**
     * The least of some runs after one that is not measured: what else the machine does must not
     * choose the way.
     */
    private double millis(Baseline.Query query, int runs) throws SQLException {
        try (DuckDb.Count count = duckDb.prepareCount(query.sql())) {
            count.run();
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < runs; i++) {
                least = Math.min(least, Timing.millis(count::run));
            }
            return least;
        }
    }

    private static Timed fastest(List<Timed> ways) {
        Timed best = ways.getFirst();
        for (Timed way : ways) {
            if (way.millis() < best.millis()) {
                best = way;
            }
        }
        return best;
    }
}
