package io.clientele.e2e;

import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Purchases of some members at a steady pace, one in eight sent twice, and what they must add up
 * to. A body that is not accepted is sent again until it is, as a careful client does. Runs on the
 * caller's thread.
 */
final class FaultLoad {
    private static final int BODY = 20;
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Clock CLOCK = Clock.systemUTC();

    private final PlatformClient client;
    private final String prefix;
    private final int members;
    private final SplittableRandom random;
    private final Map<String, Integer> purchases = new TreeMap<>();
    private final Map<String, BigDecimal> spent = new TreeMap<>();
    private final Map<String, Instant> lastPurchase = new TreeMap<>();
    private int sent;
    private int retries;

    /**
     * Sends nothing yet.
     *
     * @param prefix of member ids and event ids; also the store of all purchases
     */
    FaultLoad(PlatformClient client, String prefix, int members, long seed) {
        this.client = client;
        this.prefix = prefix;
        this.members = members;
        this.random = new SplittableRandom(seed);
    }

    /**
     * Sends for a while.
     *
     * @param events what to do when, after the start; ascending
     */
    void run(Duration length, Map<Duration, Runnable> events) {
        long start = System.nanoTime();
        var pending = new TreeMap<>(events);
        int bodies = (int) (length.toMillis() / INTERVAL.toMillis());
        List<String> again = List.of();
        for (int body = 0; body < bodies; body++) {
            long due = start + body * INTERVAL.toNanos();
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            while (!pending.isEmpty()
                    && System.nanoTime() - start >= pending.firstKey().toNanos()) {
                pending.pollFirstEntry().getValue().run();
            }
            var lines = new ArrayList<String>(again);
            again = new ArrayList<>();
            for (int i = 0; i < BODY; i++) {
                var line = next();
                lines.add(line);
                if (random.nextInt(8) == 0) {
                    again.add(line);
                }
            }
            deliver(lines);
        }
        if (!again.isEmpty()) {
            deliver(again);
        }
    }

    private String next() {
        var member = prefix + "-" + random.nextInt(members);
        var amount = BigDecimal.valueOf(100 + random.nextInt(4900), 2);
        var at = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS);
        purchases.merge(member, 1, Integer::sum);
        spent.merge(member, amount, BigDecimal::add);
        lastPurchase.merge(member, at, (one, other) -> one.isAfter(other) ? one : other);
        return Events.purchase(
                "load", prefix + "-" + sent++, member, at, amount.toPlainString(), prefix);
    }

    private void deliver(List<String> lines) {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        var body = String.join("\n", lines);
        while (true) {
            try {
                var reply =
                        client.send(
                                "POST",
                                "/v1/events",
                                PlatformClient.NDJSON,
                                BodyPublishers.ofString(body));
                if (reply.status() == 202
                        && reply.json().path("accepted").asInt() == lines.size()) {
                    return;
                }
                if (reply.status() < 500 && reply.status() != 429) {
                    throw new PlatformException("refused for good: " + reply);
                }
            } catch (PlatformException noAnswer) {
                if (System.nanoTime() > giveUp || noAnswer.getCause() == null) {
                    throw noAnswer;
                }
            }
            if (System.nanoTime() > giveUp) {
                throw new PlatformException("not accepted within 90 s: " + lines.size());
            }
            retries++;
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    /** How often a body had to be sent again. */
    int retries() {
        return retries;
    }

    /** Distinct purchases sent. */
    int sent() {
        return sent;
    }

    /**
     * Number of members by at least how many purchases, from 1 on up to the most that anyone has.
     */
    Map<Integer, Long> membersByPurchases() {
        var counts = new TreeMap<Integer, Long>();
        int most = purchases.values().stream().mapToInt(it -> it).max().orElse(0);
        for (int k = 1; k <= most; k++) {
            int atLeast = k;
            counts.put(k, purchases.values().stream().filter(it -> it >= atLeast).count());
        }
        return counts;
    }

    /** Who has at least so many purchases. */
    TreeSet<String> withPurchases(int atLeast) {
        var found = new TreeSet<String>();
        purchases.forEach((member, count) -> {
            if (count >= atLeast) {
                found.add(member);
            }
        });
        return found;
    }

    /** Who spent at least so much. */
    TreeSet<String> whoSpent(String atLeast) {
        var found = new TreeSet<String>();
        spent.forEach((member, sum) -> {
            if (sum.compareTo(new BigDecimal(atLeast)) >= 0) {
                found.add(member);
            }
        });
        return found;
    }

    /** By member, when it bought last. */
    Map<String, Instant> lastPurchase() {
        return lastPurchase;
    }

    /** Everything spent. */
    Map<String, BigDecimal> spent() {
        return spent;
    }
}
