package io.clientele.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** Readers that count while the writer goes on. */
class ShardReadersTest {
    private static final Instant START = Worlds.at("2026-01-01T00:00:00Z");
    private static final int MEMBERS = 300;
    private static final int READERS = 2;

    /** What a snapshot must say, as plain arrays. */
    private record Frozen(
            Snapshot snapshot,
            long clock,
            long[] at,
            char[] member,
            int[] cents,
            int[] store,
            @Nullable String[] countries) {}

    /** The writer's own notes. */
    private static final class Notes {
        long[] at = new long[100_000];
        char[] member = new char[100_000];
        int[] cents = new int[100_000];
        int[] store = new int[100_000];
        int count;
        final @Nullable String[] countries = new @Nullable String[MEMBERS];

        void add(long when, int whose, int much, int where) {
            at[count] = when;
            member[count] = (char) whose;
            cents[count] = much;
            store[count++] = where;
        }

        void removeLast() {
            count--;
        }

        Frozen freeze(Snapshot snapshot, long clock) {
            return new Frozen(
                    snapshot,
                    clock,
                    Arrays.copyOf(at, count),
                    Arrays.copyOf(member, count),
                    Arrays.copyOf(cents, count),
                    Arrays.copyOf(store, count),
                    countries.clone());
        }
    }

    @Test
    void everySnapshotStaysAsItWas() throws ExecutionException, InterruptedException {
        long seed = Seeds.of(1)[0];
        Random random = new Random(seed);
        Shard shard = new Shard(Worlds.shop(ZoneId.of("UTC")));
        shard.advanceTo(START);
        for (int i = 0; i < MEMBERS; i++) {
            shard.member("m" + i);
        }
        ProgramModel model = shard.model();
        Condition rich =
                Worlds.condition(
                        model,
                        "{\"event\":\"purchase\",\"within\":{\"last\":\"P1D\"},"
                                + "\"measure\":{\"sum\":\"amount\"},\"atLeast\":500}");
        Condition store =
                Worlds.condition(
                        model,
                        "{\"event\":\"purchase\",\"where\":{\"property\":\"store\",\"equals\":\"s7\"},"
                            + "\"atLeast\":2}");
        Condition thai = Worlds.condition(model, "{\"attribute\":\"country\",\"equals\":\"c3\"}");
        shard.define("rich", rich);
        shard.define("store", store);

        LinkedBlockingQueue<Frozen> handed = new LinkedBlockingQueue<>(4);
        List<CompletableFuture<Integer>> readers = new ArrayList<>();
        Frozen end = new Notes().freeze(shard.snapshot(), Long.MIN_VALUE);
        try (ExecutorService threads =
                Executors.newFixedThreadPool(
                        READERS, Thread.ofPlatform().name("reader-", 0).factory())) {
            for (int i = 0; i < READERS; i++) {
                readers.add(
                        CompletableFuture.supplyAsync(
                                () -> read(handed, end, rich, store, thai, seed), threads));
            }
            write(shard, random, handed);
            for (int i = 0; i < READERS; i++) {
                handed.put(end);
            }
            int checked = 0;
            for (CompletableFuture<Integer> reader : readers) {
                checked += reader.get();
            }
            assertThat(checked).isEqualTo(ROUNDS);
        }
    }

    private static final int ROUNDS = 60;

    private static void write(Shard shard, Random random, LinkedBlockingQueue<Frozen> handed)
            throws InterruptedException {
        Notes notes = new Notes();
        Shard.Appender appender = shard.appender("purchase");
        int amount = appender.property("amount");
        int where = appender.property("store");
        long clock = START.toEpochMilli();
        // So many that a chunk fills and others are split while readers read.
        for (int i = 0; i < 64_500; i++) {
            add(appender, amount, where, notes, random, clock - 70_000_000 + i * 1_000L, 20);
        }
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < 40; i++) {
                // In order, late, and early; and stores nobody had before.
                long at =
                        switch (random.nextInt(4)) {
                            case 0 -> clock - random.nextInt(70_000_000);
                            case 1 -> clock + random.nextInt(7_200_000);
                            default -> clock;
                        };
                add(appender, amount, where, notes, random, at, 20 + 8 * round);
            }
            int last = notes.count - 1;
            assertThat(
                            shard.removeEvent(
                                    notes.member[last],
                                    "purchase",
                                    Instant.ofEpochMilli(notes.at[last]),
                                    Map.of(
                                            "amount",
                                            notes.cents[last] / 100.0,
                                            "store",
                                            "s" + notes.store[last])))
                    .isTrue();
            notes.removeLast();
            for (int i = 0; i < 10; i++) {
                int member = random.nextInt(MEMBERS);
                String country = random.nextInt(9) == 0 ? null : "c" + random.nextInt(3 + round);
                shard.setAttribute(member, "country", country, Instant.ofEpochMilli(clock));
                notes.countries[member] = country;
            }
            clock += Duration.ofMinutes(20 + random.nextInt(40)).toMillis();
            shard.advanceTo(Instant.ofEpochMilli(clock));
            handed.put(notes.freeze(shard.snapshot(), clock));
        }
    }

    private static void add(
            Shard.Appender appender,
            int amount,
            int where,
            Notes notes,
            Random random,
            long at,
            int stores) {
        int member = random.nextInt(MEMBERS);
        int cents = random.nextInt(1_000);
        int store = random.nextInt(stores);
        appender.event(member, at);
        appender.number(amount, cents * 10_000L);
        appender.text(where, "s" + store);
        appender.add();
        notes.add(at, member, cents, store);
    }

    private static int read(
            LinkedBlockingQueue<Frozen> handed,
            Frozen end,
            Condition rich,
            Condition store,
            Condition thai,
            long seed) {
        int checked = 0;
        while (true) {
            Frozen frozen;
            try {
                frozen = handed.take();
            } catch (InterruptedException stopped) {
                throw new AssertionError(stopped);
            }
            if (frozen == end) {
                return checked;
            }
            Instant now = Instant.ofEpochMilli(frozen.clock());
            long[] cents = new long[MEMBERS];
            int[] visits = new int[MEMBERS];
            for (int i = 0; i < frozen.at().length; i++) {
                if (frozen.at()[i] <= frozen.clock()) {
                    int member = frozen.member()[i];
                    visits[member] += frozen.store()[i] == 7 ? 1 : 0;
                    cents[member] +=
                            frozen.at()[i] > frozen.clock() - 86_400_000 ? frozen.cents()[i] : 0;
                }
            }
            RoaringBitmap wantedRich = new RoaringBitmap();
            RoaringBitmap wantedStore = new RoaringBitmap();
            RoaringBitmap wantedThai = new RoaringBitmap();
            for (int member = 0; member < MEMBERS; member++) {
                if (cents[member] >= 50_000) {
                    wantedRich.add(member);
                }
                if (visits[member] >= 2) {
                    wantedStore.add(member);
                }
                if ("c3".equals(frozen.countries()[member])) {
                    wantedThai.add(member);
                }
            }
            for (int again = 0; again < 2; again++) {
                String told = "seed " + seed + ", snapshot at " + now;
                Snapshot snapshot = frozen.snapshot();
                assertThat(snapshot.members(rich, now, 1)).as(told).isEqualTo(wantedRich);
                assertThat(snapshot.members(store, now, 1)).as(told).isEqualTo(wantedStore);
                assertThat(snapshot.members(thai, now, 1)).as(told).isEqualTo(wantedThai);
                assertThat(snapshot.memberCount()).isEqualTo(MEMBERS);
            }
            checked++;
        }
    }
}
