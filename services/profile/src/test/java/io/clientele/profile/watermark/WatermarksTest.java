package io.clientele.profile.watermark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clientele.testkit.MutableClock;
import io.clientele.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class WatermarksTest {
    private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");

    private final MutableClock clock = MutableClock.at(START);
    private final FakeOffsets offsets = new FakeOffsets();
    private final Watermarks watermarks = new Watermarks(offsets, clock);

    /** Where everything stands, moved by the test. */
    private static final class FakeOffsets implements Offsets {
        private final Map<Integer, Long> received = new HashMap<>(Map.of(0, 0L, 1, 0L));
        private final Map<Integer, Long> starts = new HashMap<>(Map.of(0, 0L, 1, 0L));
        private final Map<Integer, Long> committed = new HashMap<>();
        private final Map<Integer, Long> resolved = new HashMap<>(Map.of(0, 0L, 1, 0L));
        private boolean away;

        @Override
        public Map<Integer, Long> receivedEnds() {
            return answer(received);
        }

        @Override
        public Map<Integer, Long> resolveCommitted() {
            return answer(committed);
        }

        @Override
        public Map<Integer, Long> receivedStarts() {
            return answer(starts);
        }

        @Override
        public Map<Integer, Long> resolvedEnds() {
            return answer(resolved);
        }

        private Map<Integer, Long> answer(Map<Integer, Long> offsets) {
            if (away) {
                throw new IllegalStateException("the broker is away");
            }
            return Map.copyOf(offsets);
        }
    }

    @Test
    void followsTheClockWhileNothingHappens() throws InterruptedException {
        assertThat(watermarks.observe()).isFalse();
        assertThat(watermarks.due(0, 0)).contains(START.minusMillis(250));
        assertThat(watermarks.due(1, 0)).contains(START.minusMillis(250));
        assertThat(watermarks.due(0, 0)).as("the same again").isEmpty();

        clock.advance(Watermarks.PERIOD);
        assertThat(watermarks.observe()).isFalse();
        assertThat(watermarks.due(0, 0)).contains(START.plus(Watermarks.PERIOD).minusMillis(250));
    }

    @Test
    void holdsWhileResolveHasNotReachedWhatWasReceived() throws InterruptedException {
        offsets.received.put(1, 5L);
        offsets.committed.put(1, 4L);

        assertThat(watermarks.observe()).as("call again soon").isTrue();
        assertThat(watermarks.due(0, 100)).as("any partition: it may go anywhere").isEmpty();

        offsets.committed.put(1, 5L);
        offsets.resolved.put(0, 7L);
        assertThat(watermarks.observe()).isFalse();
        assertThat(watermarks.due(0, 6)).as("apply is not there yet").isEmpty();
        assertThat(watermarks.due(1, 0)).as("nothing is on its way there").isPresent();
        assertThat(watermarks.due(0, 7)).contains(START.minusMillis(250));
    }

    @Test
    void takesNoCommitForNoProgress() throws InterruptedException {
        offsets.received.put(0, 3L);

        assertThat(watermarks.observe()).isTrue();
        assertThat(watermarks.due(0, 100)).isEmpty();
    }

    @Test
    void needsNoCommitWhereTheLogHasExpired() throws InterruptedException {
        offsets.received.put(0, 3L);
        offsets.starts.put(0, 3L);

        assertThat(watermarks.observe()).isFalse();
        assertThat(watermarks.due(0, 0)).isPresent();
    }

    @Test
    void looksAtTheResolvedLogOnlyAfterResolveHasCommitted() throws InterruptedException {
        // given: noted while the resolved log is still short
        offsets.received.put(0, 1L);
        assertThat(watermarks.observe()).isTrue();

        // when: resolve commits and its output stands at 0..2
        offsets.committed.put(0, 1L);
        offsets.resolved.put(0, 2L);
        assertThat(watermarks.observe()).isFalse();

        // then
        assertThat(watermarks.due(0, 1)).isEmpty();
        assertThat(watermarks.due(0, 2)).contains(START.minusMillis(250));
    }

    @Test
    void saysNothingWhileTheBrokerIsAway() throws InterruptedException {
        offsets.away = true;
        assertThatThrownBy(watermarks::observe).isInstanceOf(IllegalStateException.class);
        assertThat(watermarks.due(0, 100)).isEmpty();

        offsets.away = false;
        clock.advance(Watermarks.PERIOD);
        assertThat(watermarks.observe()).isFalse();
        assertThat(watermarks.due(0, 100)).isPresent();
    }

    @Test
    void giveTheLatestOfSeveralAndKeepsThemApart() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            assertThat(watermarks.observe()).isFalse();
            clock.advance(Watermarks.PERIOD);
        }
        assertThat(watermarks.due(0, 0)).contains(START.plusSeconds(4).minusMillis(250));

        assertThat(watermarks.observe()).isFalse();
        clock.advance(Duration.ofMillis(100));
        assertThat(watermarks.due(0, 0)).as("too soon").isEmpty();
        clock.advance(Watermarks.SHORTEST_GAP);
        assertThat(watermarks.due(0, 0)).contains(START.plusSeconds(6).minusMillis(250));
    }

    @Test
    void goesOnAfterALongLag() throws InterruptedException {
        offsets.received.put(0, 10L);
        offsets.committed.put(0, 0L);
        for (int i = 0; i < 3 * Watermarks.MAXIMUM_KEPT; i++) {
            assertThat(watermarks.observe()).isTrue();
            clock.advance(Watermarks.PERIOD);
        }
        offsets.committed.put(0, 10L);
        offsets.resolved.put(0, 20L);
        assertThat(watermarks.observe()).isFalse();
        assertThat(watermarks.due(0, 20)).contains(clock.instant().minusMillis(250));
    }

    @Test
    void survivesAClockThatIsSetBack() throws InterruptedException {
        assertThat(watermarks.observe()).isFalse();
        assertThat(watermarks.due(0, 0)).contains(START.minusMillis(250));

        clock.set(START.minusSeconds(60));
        assertThat(watermarks.observe()).isFalse();
        assertThat(watermarks.due(0, 0)).as("never goes back").isEmpty();

        for (int i = 0; i < 40; i++) {
            clock.advance(Watermarks.PERIOD);
            assertThat(watermarks.observe()).isFalse();
        }
        assertThat(watermarks.due(0, 0)).contains(START.plusSeconds(20).minusMillis(250));
    }

    /** Received at an instant, into a partition; then resolved and applied some time later. */
    private record Received(Instant at, int partition, long offset) {}

    /**
     * A random run of ingestion, resolve and apply, each at its own pace: at no time does a
     * watermark stand before something that was received up to its instant.
     */
    @RepeatedTest(200)
    void neverLies(RepetitionInfo repetition) throws InterruptedException {
        long seed = Seeds.of(repetition);
        var random = new SplittableRandom(seed);
        var received = List.of(new ArrayList<Received>(), new ArrayList<Received>());
        var resolved = List.of(new ArrayList<Received>(), new ArrayList<Received>());
        int[] resolvedUpTo = new int[2];
        int[] appliedUpTo = new int[2];
        int said = 0;
        for (int step = 0; step < 400; step++) {
            clock.advance(Duration.ofMillis(random.nextInt(700)));
            switch (random.nextInt(5)) {
                case 0 -> {
                    int partition = random.nextInt(2);
                    var log = received.get(partition);
                    log.add(new Received(clock.instant(), partition, log.size()));
                    offsets.received.put(partition, (long) log.size());
                }
                case 1 -> {
                    // Resolve takes a few of one partition, to any partition of the other log; the
                    // records may stand there before the commit is seen.
                    int partition = random.nextInt(2);
                    var log = received.get(partition);
                    int end = Math.min(log.size(), resolvedUpTo[partition] + random.nextInt(1, 6));
                    for (var one : log.subList(resolvedUpTo[partition], end)) {
                        resolved.get(random.nextInt(2)).add(one);
                    }
                    resolvedUpTo[partition] = end;
                    offsets.resolved.put(0, (long) resolved.get(0).size());
                    offsets.resolved.put(1, (long) resolved.get(1).size());
                    offsets.committed.put(partition, (long) end);
                }
                case 2 -> {
                    int partition = random.nextInt(2);
                    appliedUpTo[partition] =
                            Math.min(
                                    resolved.get(partition).size(),
                                    appliedUpTo[partition] + random.nextInt(1, 6));
                }
                case 3 -> {
                    boolean unused = watermarks.observe();
                }
                default -> {
                    for (int partition = 0; partition < 2; partition++) {
                        var due = watermarks.due(partition, appliedUpTo[partition]);
                        if (due.isEmpty()) {
                            continue;
                        }
                        said++;
                        var missing = new ArrayList<Received>();
                        for (int from = 0; from < 2; from++) {
                            missing.addAll(
                                    received.get(from)
                                            .subList(
                                                    resolvedUpTo[from], received.get(from).size()));
                        }
                        missing.addAll(
                                resolved.get(partition)
                                        .subList(
                                                appliedUpTo[partition],
                                                resolved.get(partition).size()));
                        assertThat(missing)
                                .as(Seeds.describe(seed))
                                .noneMatch(it -> !it.at().isAfter(due.get()));
                    }
                }
            }
        }
        assertThat(said).as("it says something at all; " + Seeds.describe(seed)).isPositive();
    }
}
