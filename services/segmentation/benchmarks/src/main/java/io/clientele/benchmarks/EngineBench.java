package io.clientele.benchmarks;

import io.clientele.engine.Condition;
import io.clientele.engine.ProgramModel;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the engine: previews against DuckDB, events, waves of expiry, memory, rebuild and scan.
 * One process, fixed seed. docs/development.md says what each figure means; the table says it in
 * short.
 */
@Command(
        name = "engine",
        mixinStandardHelpOptions = true,
        description = "Measures the segmentation engine, against DuckDB where that can answer.")
public final class EngineBench implements Callable<Integer> {
    private static final List<Integer> SIZES = List.of(100_000, 1_000_000, 5_000_000);

    @Option(
            names = {"--json", "--out"},
            paramLabel = "FILE",
            description = "Also write the figures as one flat JSON object.")
    private @Nullable Path json;

    @Option(names = "--members", description = "Members (default ${DEFAULT-VALUE}).")
    private int members = 1_000_000;

    @Option(
            names = "--events-per-member",
            description = "Purchases for each member (default ${DEFAULT-VALUE}).")
    private int eventsPerMember = 20;

    @Option(
            names = "--seed",
            description = "Everything random follows from it (default ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(names = "--threads", description = "Of each system (default ${DEFAULT-VALUE}).")
    private int threads = 2;

    @Option(
            names = "--sizes",
            description =
                    "Measure again with 100,000, 1,000,000 and 5,000,000 members; those figures"
                            + " begin with members<N>. and have no limits.")
    private boolean sizes;

    @Option(
            names = "--baseline",
            description = "Only time every way to ask DuckDB for each condition.")
    private boolean baselineOnly;

    @Option(
            names = "--engine-only",
            description =
                    "Measure the engine without DuckDB: no counts compared, no ratios to it, no"
                            + " limits on them.")
    private boolean engineOnly;

    private final Report report;

    private EngineBench(PrintStream out) {
        report = new Report(out);
    }

    /** Runs and exits: 0 all limits reached, 1 one was not or the run failed, 2 wrong usage. */
    public static void main(String[] arguments) {
        var out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.exit(new CommandLine(new EngineBench(out)).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, SQLException {
        report.figure("members", members, "", "in the world of the plain figures");
        report.figure("segments", LiveSegments.MANY, "", "active where events are measured");
        measure(members);
        if (sizes) {
            for (int size : SIZES) {
                report.prefix("members" + size + ".");
                measure(size);
            }
        }
        report.print();
        report.write(json);
        return report.isGood() ? 0 : 1;
    }

    private void measure(int size) throws SQLException {
        report.say(
                String.format(
                        Locale.ROOT,
                        "making a world of %,d members and %,d purchases",
                        size,
                        (long) size * eventsPerMember));
        World world = World.create(seed, World.DEFAULT_AT, size, eventsPerMember);
        ProgramModel model = world.model();
        Map<String, Condition> conditions = PreviewConditions.read(model);
        if (engineOnly) {
            report.say("loading it into the engine");
            EngineSide engine = new Rebuild(world, report).run(model);
            report.say("counting the " + conditions.size() + " conditions");
            PreviewBench.runAlone(world, conditions, engine, report, threads);
            new ScanBench(world, report, threads).run(engine, model);
        } else {
            compare(world, model, conditions);
        }
        if (!baselineOnly) {
            new LiveBench(world, report).run(model);
        }
    }

    private void compare(World world, ProgramModel model, Map<String, Condition> conditions)
            throws SQLException {
        report.say("loading it into DuckDB");
        try (DuckDb duckDb = DuckDb.load(world, threads)) {
            report.say("loaded into DuckDB " + duckDb.version());
            PreviewBench previews = new PreviewBench(world, duckDb, report, threads);
            if (baselineOnly) {
                previews.compareWays(conditions);
                return;
            }
            report.say("loading it into the engine");
            EngineSide engine = new Rebuild(world, report).run(model);
            report.say("counting the " + conditions.size() + " conditions in both");
            previews.run(conditions, engine);
            new ScanBench(world, report, threads).run(engine, model);
        }
    }
}
