package io.clientele.simulator.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.simulator.platform.EventSender;
import io.clientele.simulator.platform.Json;
import io.clientele.simulator.platform.PlatformClient;
import io.clientele.simulator.platform.PlatformException;
import io.clientele.simulator.world.SimulatedEvent;
import io.clientele.simulator.world.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Brings the simulated year in, and waits until the platform counts all of it. */
final class Loading {
    private static final int PARALLEL = 4;
    private static final long REFRESH_NANOS = Duration.ofMillis(1_000).toNanos();
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    /** Each type is counted as members with at least so many events of it. */
    private static final List<Integer> STEPS = List.of(1, 2, 3, 5, 10);

    private final World world;
    private final DemoSegments segments;
    private final PlatformClient admin;
    private final PlatformClient ingest;
    private final Screen screen;

    Loading(
            World world,
            DemoSegments segments,
            PlatformClient admin,
            PlatformClient ingest,
            Screen screen) {
        this.world = world;
        this.segments = segments;
        this.admin = admin;
        this.ingest = ingest;
        this.screen = screen;
    }

    /**
     * Posts everything and waits.
     *
     * @throws PlatformException if events are refused, or are not counted within three minutes
     */
    void run() {
        long begun = System.nanoTime();
        // Made twice rather than kept: a world costs time, not memory.
        Map<String, Map<Integer, Long>> expected = new TreeMap<>();
        long total = 0;
        for (int number = 0; number < world.people(); number++) {
            List<SimulatedEvent> history = world.events(world.person(number));
            total += history.size();
            note(history, expected);
        }
        EventSender sender = new EventSender(ingest, PARALLEL, 0);
        CompletableFuture<Void> sending =
                CompletableFuture.runAsync(
                        () -> {
                            try (sender) {
                                for (int number = 0; number < world.people(); number++) {
                                    for (SimulatedEvent event :
                                            world.events(world.person(number))) {
                                        sender.add(event.member(), Json.bytes(event));
                                    }
                                }
                            }
                        },
                        work -> Thread.ofVirtual().name("load").start(work));
        watch(sender, sending, total, begun);
        if (sender.rejected() > 0) {
            throw new PlatformException(
                    sender.rejected() + " simulated events were refused: " + sender.problems());
        }
        double sent = seconds(begun);
        awaitCounts(expected, sender.accepted(), begun);
        screen.note(
                String.format(
                        Locale.ROOT,
                        "A year of %,d people: %,d events posted in %.1f s, counted in all %d"
                                + " segments after %.1f s",
                        world.people(),
                        total,
                        sent,
                        segments.segments().size(),
                        seconds(begun)));
    }

    private static void note(
            List<SimulatedEvent> history, Map<String, Map<Integer, Long>> expected) {
        Map<String, Integer> counts = new TreeMap<>();
        history.forEach(event -> counts.merge(event.type(), 1, Integer::sum));
        counts.forEach((type, count) -> {
            for (int step : STEPS) {
                if (count >= step) {
                    expected.computeIfAbsent(type, any -> new LinkedHashMap<>())
                            .merge(step, 1L, Long::sum);
                }
            }
        });
    }

    private void watch(
            EventSender sender, CompletableFuture<Void> sending, long total, long begun) {
        while (!sending.isDone()) {
            show("Posting the year", sender.accepted(), total, begun);
            LockSupport.parkNanos(REFRESH_NANOS);
        }
        sending.handle(
                        (done, failure) -> {
                            if (failure != null) {
                                throw failure.getCause() instanceof PlatformException known
                                        ? known
                                        : new PlatformException(
                                                "Events cannot be posted: " + failure, failure);
                            }
                            return done;
                        })
                .join();
    }

    private void show(String title, long done, long total, long begun) {
        Map<String, Long> sizes = segments.sizes(admin);
        List<String> lines = new ArrayList<>();
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%-20s %s %,d of %,d events, %,d memberships, %.0f s",
                        title,
                        Screen.bar(done, total),
                        done,
                        total,
                        sizes.values().stream().mapToLong(Long::longValue).sum(),
                        seconds(begun)));
        if (screen.isInteractive()) {
            List<DemoSegments.Segment> all = segments.segments();
            int half = (all.size() + 1) / 2;
            for (int row = 0; row < half; row++) {
                String right = row + half < all.size() ? cell(all.get(row + half), sizes) : "";
                lines.add("  " + cell(all.get(row), sizes) + "    " + right);
            }
        }
        screen.show(lines);
    }

    private static String cell(DemoSegments.Segment segment, Map<String, Long> sizes) {
        return String.format(
                Locale.ROOT, "%-30s %,8d", segment.name(), sizes.getOrDefault(segment.key(), 0L));
    }

    /** Waits until previews count what was sent. */
    private void awaitCounts(Map<String, Map<Integer, Long>> expected, long accepted, long begun) {
        Map<JsonNode, Long> open = new LinkedHashMap<>();
        open.put(Json.tree("{\"all\":[]}"), (long) world.people());
        expected.forEach((type, steps) ->
                steps.forEach((step, members) ->
                        open.put(
                                Json.tree("{\"event\":\"" + type + "\",\"atLeast\":" + step + "}"),
                                members)));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!open.isEmpty()) {
            open.entrySet().removeIf(check -> admin.count(check.getKey()) == check.getValue());
            if (open.isEmpty()) {
                return;
            }
            if (System.nanoTime() > deadline) {
                Map.Entry<JsonNode, Long> first = open.entrySet().iterator().next();
                throw new PlatformException(
                        "After "
                                + PATIENCE.toSeconds()
                                + " s the platform still counts "
                                + admin.count(first.getKey())
                                + " members with "
                                + first.getKey()
                                + ", not "
                                + first.getValue()
                                + ".");
            }
            show("Filling the segments", accepted, accepted, begun);
            LockSupport.parkNanos(REFRESH_NANOS / 2);
        }
    }

    private static double seconds(long begunNanos) {
        return (System.nanoTime() - begunNanos) / 1e9;
    }
}
