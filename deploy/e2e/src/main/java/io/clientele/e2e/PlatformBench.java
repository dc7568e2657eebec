package io.clientele.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.embedded.Ports;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Measures the whole platform on this machine: start, idling, and a steady load through the
 * gateway. Starts an ephemeral platform of its own with {@code ./clientele up} and stops it again.
 * The module's README says what each figure means; the table says it in short.
 */
@Command(
        name = "platform",
        mixinStandardHelpOptions = true,
        description = "Measures start, idling and a steady load of the whole platform.")
public final class PlatformBench implements Callable<Integer> {
    private static final Duration DRAIN_LIMIT = Duration.ofSeconds(180);
    private static final int PRELOAD_BODY = 2_000;
    private static final int PRELOAD_PARALLEL = 4;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Also write the figures as one flat JSON object.")
    private @Nullable Path json;

    @Option(names = "--rate", description = "Events a second (default ${DEFAULT-VALUE}).")
    private int rate = 1_000;

    @Option(names = "--seconds", description = "Measured load (default ${DEFAULT-VALUE}).")
    private int seconds = 60;

    @Option(
            names = "--warm-up-seconds",
            description = "Load before, not measured (default ${DEFAULT-VALUE}).")
    private int warmUpSeconds = 60;

    @Option(names = "--members", description = "Members (default ${DEFAULT-VALUE}).")
    private int members = 100_000;

    @Option(names = "--idle-seconds", description = "Measured idling (default ${DEFAULT-VALUE}).")
    private int idleSeconds = 120;

    @Option(
            names = "--settle-seconds",
            description = "Pause between start and idling (default ${DEFAULT-VALUE}).")
    private int settleSeconds = 60;

    @Option(names = "--port", description = "First port of the platform (default: a free range).")
    private int port;

    private final Path root;
    private final PrintStream out;
    private final Clock clock = Clock.systemUTC();
    private final BenchReport report = new BenchReport();

    private PlatformBench(Path root, PrintStream out) {
        this.root = root;
        this.out = out;
    }

    /** Runs and exits: 0 all limits held, 1 one did not or the run failed, 2 wrong usage. */
    public static void main(String[] arguments) {
        var out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        var own =
                arguments.length > 0 && arguments[0].equals("platform")
                        ? List.of(arguments).subList(1, arguments.length)
                        : List.of(arguments);
        var root = Path.of(System.getProperty("clientele.root", "")).toAbsolutePath();
        var bench = new PlatformBench(root, out);
        int status = new CommandLine(bench).execute(own.toArray(String[]::new));
        System.exit(status);
    }

    @Override
    public Integer call() throws IOException {
        report.note(
                "Document store: in memory, as ./clientele up --ephemeral has it. All processes and"
                        + " the generator share the machine. A share of 1 is one core.");
        var data = Files.createTempDirectory("clientele-bench");
        try {
            measure(data);
        } catch (PlatformException | UncheckedIOException e) {
            report.fail(String.valueOf(e.getMessage()));
        } finally {
            delete(data);
        }
        report.print(out);
        report.write(json);
        return report.isGood() ? 0 : 1;
    }

    private void measure(Path data) {
        say("starting a platform");
        var start =
                new RunningPlatform.Start(
                        List.of(root.resolve("clientele").toString()),
                        data,
                        true,
                        port == 0 ? Ports.freeBase() : port,
                        Map.of());
        try (var platform = RunningPlatform.start(start)) {
            if (platform.output().contains("Building ")) {
                report.fail("up.seconds includes a build: run it again");
            }
            report.atMost(
                    "up.seconds",
                    platform.startTime().toMillis() / 1e3,
                    90,
                    "s",
                    "./clientele up, built, until everything is healthy");
            idle(platform);
            load(platform);
        }
    }

    private void idle(RunningPlatform platform) {
        if (idleSeconds == 0) {
            return;
        }
        say("idling for " + settleSeconds + " + " + idleSeconds + " s");
        pause(Duration.ofSeconds(settleSeconds));
        var processes = processes(platform);
        double before = ProcessTree.cpuSeconds(processes);
        long nanos = System.nanoTime();
        pause(Duration.ofSeconds(idleSeconds));
        double share =
                (ProcessTree.cpuSeconds(processes(platform)) - before)
                        / ((System.nanoTime() - nanos) / 1e9);
        report.atMost(
                "idle.cpuShare",
                share,
                0.15,
                "cores",
                "mean over " + idleSeconds + " s of all processes, of one core");
        var memory = ProcessTree.memory(processes);
        report.atMost(
                "idle.memoryMiB",
                memory.mebibytes(),
                3_584,
                "MiB",
                memory.proportional()
                        ? "all processes, PSS (shared pages divided)"
                        : "all processes, RSS (shared pages counted often)");
    }

    private void load(RunningPlatform platform) {
        var admin = platform.client("demo", "admin");
        var population = new BenchPopulation(members);
        prepare(admin);
        enroll(platform, admin, population);
        var run =
                new LoadRun(
                        platform.client("demo", "ingest"),
                        population,
                        clock,
                        rate,
                        Duration.ofSeconds(warmUpSeconds),
                        Duration.ofSeconds(seconds));
        try (var feed = platform.memberships("demo", false, run::onChange)) {
            say(
                    String.format(
                            Locale.ROOT,
                            "sending %,d events a second for %d + %d s",
                            rate,
                            warmUpSeconds,
                            seconds));
            run.run(() -> processes(platform));
            long last = System.nanoTime();
            drain(admin, population);
            double drained = (System.nanoTime() - last) / 1e9;
            // What was published just before the last check may still be on its way to the feed.
            pause(Duration.ofSeconds(3));
            tell(run, drained, feed);
        }
    }

    private void tell(LoadRun run, double drained, MembershipFeed feed) {
        report.atLeast(
                "platform.eventsPerSecond",
                run.eventsPerSecond(),
                rate * 0.999,
                "1/s",
                "accepted through the gateway, bodies of 100, steady for " + seconds + " s");
        report.figure("platform.rejected", run.refused(), "", "events not accepted");
        if (run.refused() > 0) {
            report.fail(run.refused() + " events were not accepted: " + run.problems());
        }
        var membership = run.membershipMicros();
        if (membership.getTotalCount() == 0) {
            report.fail("no membership change was seen");
        }
        report.figure(
                "membership.p50Millis", millis(membership, 50), "ms", "202 to published change");
        report.atMost(
                "membership.p99Millis",
                millis(membership, 99),
                2_000,
                "ms",
                String.format(
                        Locale.ROOT,
                        "202 to published change, of %,d changes",
                        membership.getTotalCount()));
        var exit = run.exitMicros();
        if (exit.getTotalCount() == 0) {
            report.fail("no member was seen to leave by the clock");
        }
        report.figure(
                "exit.p50Millis", millis(exit, 50), "ms", "exact instant to published change");
        report.atMost(
                "exit.p99Millis",
                millis(exit, 99),
                1_000,
                "ms",
                String.format(
                        Locale.ROOT,
                        "exact instant to published change, of %,d changes by the clock",
                        exit.getTotalCount()));
        if (run.earlyExits() > 0) {
            report.fail(run.earlyExits() + " changes by the clock were published too early");
        }
        report.figure(
                "accept.p99Millis", millis(run.acceptMicros(), 99), "ms", "body due to its 202");
        report.figure(
                "platform.changes", run.changes(), "", "membership changes, warm-up included");
        report.figure(
                "platform.drainSeconds", drained, "s", "last 202 until previews count every event");
        report.figure(
                "platform.cpuShare", run.platformCpuShare(), "cores", "all processes under load");
        report.figure("generator.cpuShare", run.cpuShare(), "cores", "generator and subscriber");
        report.figure(
                "generator.latestStartMillis",
                run.latestStartMillis(),
                "ms",
                "latest body of the open-loop schedule, against its due time");
        if (!feed.isHealthy()) {
            report.fail("the subscriber stopped before the end");
        }
    }

    private void prepare(PlatformClient admin) {
        attribute(admin, "country", "string", "geographic");
        attribute(admin, "gender", "string", "demographic");
        attribute(admin, "birthDate", "date", "demographic");
        attribute(admin, "interests", "strings", "psychographic");
        for (var segment : segments()) {
            admin.putSegment(segment.path("key").asText(), segment.path("condition").toString());
        }
    }

    private static void attribute(PlatformClient admin, String name, String type, String kind) {
        if (admin.get("/v1/attributes/" + name).status() == 200) {
            return;
        }
        admin.put("/v1/attributes/" + name, "{\"type\":\"" + type + "\",\"kind\":\"" + kind + "\"}")
                .require(200, 201);
    }

    private List<JsonNode> segments() {
        var file = root.resolve("deploy/e2e/segments-20.json");
        try {
            var segments = new ArrayList<JsonNode>();
            PlatformJson.tree(Files.readString(file)).path("segments").forEach(segments::add);
            return segments;
        } catch (IOException e) {
            throw new PlatformException("the segments cannot be read: " + file, e);
        }
    }

    private void enroll(
            RunningPlatform platform, PlatformClient admin, BenchPopulation population) {
        say(String.format(Locale.ROOT, "enrolling %,d members", members));
        long before = System.nanoTime();
        var ingest = platform.client("demo", "ingest");
        var at = clock.instant().minus(Duration.ofDays(1));
        var pending = new ArrayList<CompletableFuture<Reply>>();
        for (int from = 0; from < members; from += PRELOAD_BODY) {
            var body = new StringBuilder();
            int to = Math.min(members, from + PRELOAD_BODY);
            for (int member = from; member < to; member++) {
                body.append(population.enrollment(member, at));
            }
            pending.add(
                    ingest.sendLater(
                            "POST",
                            "/v1/events",
                            PlatformClient.NDJSON,
                            BodyPublishers.ofString(body.toString())));
            if (pending.size() == PRELOAD_PARALLEL) {
                requireAll(pending);
            }
        }
        requireAll(pending);
        if (!await(() -> admin.count("{\"all\":[]}") == members, Duration.ofSeconds(300))) {
            throw new PlatformException(
                    "After 300 s a preview counts "
                            + admin.count("{\"all\":[]}")
                            + " members of "
                            + members
                            + ".");
        }
        report.figure(
                "platform.enrollmentsPerSecond",
                members / ((System.nanoTime() - before) / 1e9),
                "1/s",
                "members made in bodies of " + PRELOAD_BODY + ", until previews count them");
    }

    private static void requireAll(List<CompletableFuture<Reply>> pending) {
        for (var answer : pending) {
            var reply = answer.join().require(202);
            if (reply.json().path("rejectedCount").asLong() > 0) {
                throw new PlatformException("enrollments were rejected: " + reply.text());
            }
        }
        pending.clear();
    }

    /** Waits until what the platform counts is what was sent; says so if it never is. */
    private void drain(PlatformClient admin, BenchPopulation population) {
        var checks =
                Map.of(
                        "{\"event\":\"purchase\"}",
                        population.withPurchases(1),
                        "{\"event\":\"purchase\",\"atLeast\":2}",
                        population.withPurchases(2),
                        "{\"event\":\"purchase\",\"where\":{\"property\":\"channel\",\"equals\":\"web\"},\"atLeast\":2}",
                        population.withWebPurchases(2),
                        "{\"event\":\"purchase\",\"measure\":{\"sum\":\"amount\"},\"atLeast\":200}",
                        population.whoSpentCents(20_000));
        if (await(
                () ->
                        checks.entrySet().stream()
                                .allMatch(it -> admin.count(it.getKey()) == it.getValue()),
                DRAIN_LIMIT)) {
            return;
        }
        checks.forEach((condition, expected) -> {
            long counted = admin.count(condition);
            if (counted != expected) {
                report.fail(
                        condition + " counts " + counted + " members, was sent for " + expected);
            }
        });
    }

    private static Collection<ProcessHandle> processes(RunningPlatform platform) {
        var noted = new ArrayList<ProcessHandle>();
        for (var process : platform.state().path("processes")) {
            ProcessHandle.of(process.path("identity").path("pid").asLong(-1)).ifPresent(noted::add);
        }
        return ProcessTree.of(Stream.concat(Stream.of(platform.launcher()), noted.stream()));
    }

    private static double millis(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / 1e3;
    }

    private static boolean await(BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            pause(Duration.ofMillis(500));
        }
        return true;
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void say(String what) {
        out.println("  " + what + " ...");
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
