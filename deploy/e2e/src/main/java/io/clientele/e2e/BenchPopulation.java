package io.clientele.e2e;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The members and purchases that the bench sends, and what they must add up to. Everything follows
 * from the seed but the instants. Not thread-safe.
 */
final class BenchPopulation {
    static final String SOURCE = "bench";
    static final String PURCHASE_PREFIX = "p-";
    private static final long SEED = 20261121;
    private static final List<String> COUNTRIES =
            List.of("TH", "VN", "LA", "KH", "SG", "MY", "ID", "PH", "JP", "KR");
    private static final List<String> GENDERS =
            List.of("female", "male", "non-binary", "undisclosed");
    private static final List<String> INTERESTS =
            List.of(
                    "running", "hiking", "gaming", "travel", "cooking", "music", "film", "garden",
                    "books", "dance");
    private static final List<String> CHANNELS = List.of("store", "store", "web", "web", "app");

    private final SplittableRandom random = new SplittableRandom(SEED);
    private final int members;
    private final int[] purchases;
    private final int[] webPurchases;
    private final long[] spentCents;
    private int sent;

    BenchPopulation(int members) {
        this.members = members;
        this.purchases = new int[members];
        this.webPurchases = new int[members];
        this.spentCents = new long[members];
    }

    int size() {
        return members;
    }

    /** How many purchases have been made up. */
    int purchases() {
        return sent;
    }

    /** The enrollment of one member as a line of NDJSON. */
    String enrollment(int member, Instant at) {
        var own = new SplittableRandom(SEED ^ (member * 0x9E3779B97F4A7C15L));
        var line = new StringBuilder(320);
        line.append("{\"id\":\"e-")
                .append(member)
                .append("\",\"type\":\"enrollment\",\"source\":\"" + SOURCE + "\",\"member\":\"m-")
                .append(member)
                .append("\",\"occurredAt\":\"")
                .append(at)
                .append("\",\"properties\":{\"channel\":\"web\",\"attributes\":{\"country\":\"")
                .append(COUNTRIES.get(own.nextInt(COUNTRIES.size())))
                .append("\",\"gender\":\"")
                .append(GENDERS.get(own.nextInt(GENDERS.size())))
                .append("\",\"birthDate\":\"")
                .append(1948 + own.nextInt(60))
                .append("-0")
                .append(1 + own.nextInt(9))
                .append("-1")
                .append(own.nextInt(10))
                .append("\",\"interests\":[");
        int first = own.nextInt(INTERESTS.size());
        int count = own.nextInt(4);
        for (int i = 0; i < count; i++) {
            line.append(i == 0 ? "\"" : ",\"")
                    .append(INTERESTS.get((first + i * 3) % INTERESTS.size()))
                    .append('"');
        }
        return line.append("]}}}\n").toString();
    }

    /**
     * The next purchases as NDJSON. Ids are {@value #PURCHASE_PREFIX} and a number that grows by
     * one from 0 on.
     */
    byte[] purchases(int count, Instant at) {
        var lines = new StringBuilder(count * 400);
        for (int i = 0; i < count; i++) {
            int member = random.nextInt(members);
            var channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
            int first = 500 + random.nextInt(9500);
            int second = random.nextInt(3) == 0 ? 500 + random.nextInt(4500) : 0;
            purchases[member]++;
            webPurchases[member] += channel.equals("web") ? 1 : 0;
            spentCents[member] += first + second;
            lines.append("{\"id\":\"" + PURCHASE_PREFIX)
                    .append(sent++)
                    .append(
                            "\",\"type\":\"purchase\",\"source\":\""
                                    + SOURCE
                                    + "\",\"member\":\"m-")
                    .append(member)
                    .append("\",\"occurredAt\":\"")
                    .append(at)
                    .append("\",\"properties\":{\"amount\":");
            cents(lines, first + second);
            lines.append(",\"channel\":\"").append(channel).append("\",\"store\":\"s0");
            int store = random.nextInt(50);
            lines.append(store < 10 ? "0" : "").append(store).append("\",\"items\":[");
            item(lines, first);
            if (second > 0) {
                lines.append(',');
                item(lines, second);
            }
            lines.append("]}}\n");
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void item(StringBuilder lines, int cents) {
        int category = random.nextInt(20);
        lines.append("{\"sku\":\"sku-")
                .append(category * 50 + random.nextInt(50))
                .append("\",\"category\":\"c")
                .append(category < 10 ? "0" : "")
                .append(category)
                .append("\",\"quantity\":1,\"amount\":");
        cents(lines, cents);
        lines.append('}');
    }

    private static void cents(StringBuilder lines, int cents) {
        lines.append(cents / 100).append('.');
        int rest = cents % 100;
        lines.append(rest < 10 ? "0" : "").append(rest);
    }

    /** Members with at least so many purchases. */
    long withPurchases(int atLeast) {
        return java.util.Arrays.stream(purchases).filter(count -> count >= atLeast).count();
    }

    /** Members with at least so many purchases on the web. */
    long withWebPurchases(int atLeast) {
        return java.util.Arrays.stream(webPurchases).filter(count -> count >= atLeast).count();
    }

    /** Members who spent at least so much. */
    long whoSpentCents(long atLeast) {
        return java.util.Arrays.stream(spentCents).filter(sum -> sum >= atLeast).count();
    }
}
