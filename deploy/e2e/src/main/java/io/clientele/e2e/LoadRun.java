package io.clientele.e2e;

import com.sun.management.OperatingSystemMXBean;
import io.clientele.contracts.MembershipCause;
import java.lang.management.ManagementFactory;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Purchases at a steady rate through the gateway, on a schedule that does not wait for answers, and
 * the membership changes they cause as a subscriber sees them.
 *
 * <p>Latencies: {@code accept} runs from the instant a body was due (not when it was sent) to its
 * 202; {@code membership} from an event's 202 to the instant a consumer of committed records has
 * the change it caused, 0 if that came first; {@code exit} from the exact instant a member left by
 * the clock to the instant the consumer has it. Only events and exits of the measured time count,
 * not those of the warm-up.
 */
final class LoadRun {
    private static final int BATCH = 100;
    private static final Duration HIGHEST = Duration.ofMinutes(5);
    private static final int DIGITS = 3;

    private record Caused(int purchase, long seenNanos) {}

    private record Exit(long atMillis, long seenMillis) {}

    private final PlatformClient client;
    private final BenchPopulation population;
    private final Clock clock;
    private final int rate;
    private final Duration warmUp;
    private final Duration measured;

    private final long[] ackNanos;
    private final ConcurrentLinkedQueue<Caused> caused = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Exit> exits = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private final Histogram accept = new Histogram(HIGHEST.toNanos() / 1000, DIGITS);

    private int firstMeasured;
    private long measuredFromMillis;
    private long measuredToMillis;
    private double seconds;
    private double cpuShare;
    private double platformCpuShare;
    private long latestStartNanos;

    LoadRun(
            PlatformClient client,
            BenchPopulation population,
            Clock clock,
            int rate,
            Duration warmUp,
            Duration measured) {
        this.client = client;
        this.population = population;
        this.clock = clock;
        this.rate = rate;
        this.warmUp = warmUp;
        this.measured = measured;
        this.ackNanos =
                new long[(int) (rate * (warmUp.toSeconds() + measured.toSeconds())) + 2 * BATCH];
    }

    /** Takes a change; called by the feed's thread. */
    void onChange(MembershipFeed.Seen seen) {
        changes.incrementAndGet();
        var change = seen.change();
        var causeId = change.causeId();
        if (change.cause() == MembershipCause.TIME) {
            exits.add(new Exit(change.at().toEpochMilli(), seen.seenMillis()));
        } else if (causeId != null
                && causeId.startsWith(
                        BenchPopulation.SOURCE + "/" + BenchPopulation.PURCHASE_PREFIX)) {
            int start =
                    BenchPopulation.SOURCE.length() + 1 + BenchPopulation.PURCHASE_PREFIX.length();
            caused.add(
                    new Caused(
                            Integer.parseInt(causeId, start, causeId.length(), 10),
                            seen.seenNanos()));
        }
    }

    /**
     * Sends, and returns when every body has its answer.
     *
     * @param platform the processes whose processor time is told beside the generator's
     */
    void run(java.util.function.Supplier<java.util.Collection<ProcessHandle>> platform) {
        phase(warmUp, false);
        firstMeasured = population.purchases();
        measuredFromMillis = clock.millis();
        var processes = platform.get();
        double platformBefore = ProcessTree.cpuSeconds(processes);
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpuBefore = system.getProcessCpuTime();
        long before = System.nanoTime();
        phase(measured, true);
        long nanos = System.nanoTime() - before;
        measuredToMillis = clock.millis();
        seconds = nanos / 1e9;
        cpuShare = (system.getProcessCpuTime() - cpuBefore) / (double) nanos;
        platformCpuShare = (ProcessTree.cpuSeconds(processes) - platformBefore) / seconds;
    }

    private void phase(Duration length, boolean counts) {
        int bodies = (int) (length.toMillis() * rate / 1000 / BATCH);
        long interval = TimeUnit.SECONDS.toNanos(1) * BATCH / rate;
        long start = System.nanoTime();
        List<CompletableFuture<?>> answers = new ArrayList<>();
        for (int body = 0; body < bodies; body++) {
            long due = start + body * interval;
            awaitNanos(due);
            if (counts) {
                latestStartNanos = Math.max(latestStartNanos, System.nanoTime() - due);
            }
            answers.add(send(due, counts));
        }
        // The last body's share of the time belongs to the phase.
        awaitNanos(start + bodies * interval);
        answers.forEach(LoadRun::awaitAnswer);
    }

    private CompletableFuture<?> send(long due, boolean counts) {
        int first = population.purchases();
        var instant = Instant.ofEpochMilli(clock.millis());
        var body = population.purchases(BATCH, instant);
        return client.sendLater(
                        "POST",
                        "/v1/events",
                        PlatformClient.NDJSON,
                        BodyPublishers.ofByteArray(body))
                .whenComplete((reply, failure) -> {
                    long now = System.nanoTime();
                    if (failure != null) {
                        refused.addAndGet(BATCH);
                        problems.add("no answer: " + failure);
                        return;
                    }
                    long ok = reply.status() == 202 ? reply.json().path("accepted").asLong() : 0;
                    if (ok != BATCH) {
                        refused.addAndGet(BATCH - ok);
                        problems.add(reply.status() + " " + reply.text());
                    }
                    if (counts) {
                        accepted.addAndGet(ok);
                        synchronized (accept) {
                            accept.recordValue(
                                    Math.min((now - due) / 1000, HIGHEST.toNanos() / 1000));
                        }
                    }
                    Arrays.fill(ackNanos, first, first + BATCH, now);
                });
    }

    private static void awaitNanos(long due) {
        long left = due - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = due - System.nanoTime();
        }
    }

    private static void awaitAnswer(CompletableFuture<?> answer) {
        answer.exceptionally(failure -> null).join();
    }

    /** Events accepted a second, over the measured time and until its last answer. */
    double eventsPerSecond() {
        return accepted.get() / seconds;
    }

    /** Events not accepted, warm-up included. */
    long refused() {
        return refused.get();
    }

    /** What went wrong, the first few. */
    List<String> problems() {
        return problems.stream().limit(5).toList();
    }

    /** Processor time of this process over the measured time, of one core. */
    double cpuShare() {
        return cpuShare;
    }

    /** Processor time of the platform over the measured time, of one core. */
    double platformCpuShare() {
        return platformCpuShare;
    }

    /**
     * How late the generator began its latest body, in milliseconds: above some 20, it was too slow
     * itself.
     */
    double latestStartMillis() {
        return latestStartNanos / 1e6;
    }

    /** All changes seen. */
    long changes() {
        return changes.get();
    }

    /** See the class. Microseconds. */
    Histogram acceptMicros() {
        return accept;
    }

    /** See the class. Microseconds. */
    Histogram membershipMicros() {
        var histogram = new Histogram(HIGHEST.toNanos() / 1000, DIGITS);
        for (var one : caused) {
            if (one.purchase() >= firstMeasured && ackNanos[one.purchase()] != 0) {
                record(histogram, (one.seenNanos() - ackNanos[one.purchase()]) / 1000);
            }
        }
        return histogram;
    }

    /** See the class. Microseconds. */
    Histogram exitMicros() {
        var histogram = new Histogram(HIGHEST.toNanos() / 1000, DIGITS);
        for (var exit : exits) {
            if (exit.atMillis() >= measuredFromMillis && exit.atMillis() < measuredToMillis) {
                record(histogram, (exit.seenMillis() - exit.atMillis()) * 1000);
            }
        }
        return histogram;
    }

    /** Exits seen before their instant: must be none. */
    long earlyExits() {
        return exits.stream().filter(exit -> exit.seenMillis() < exit.atMillis()).count();
    }

    private static void record(Histogram histogram, long micros) {
        histogram.recordValue(Math.clamp(micros, 0, HIGHEST.toNanos() / 1000));
    }
}
