package io.clientele.engine.internal.column;

import static org.assertj.core.api.Assertions.assertThat;

import io.clientele.engine.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A log against a list that is kept in order by hand. */
class EventLogTest {
    private static final int CAPACITY = EventChunk.CAPACITY;

    private record Event(long at, int member, int code, long number) {}

    /** A cursor and how many events it has passed. */
    private static final class Place {
        final EventLog.Cursor cursor;
        int before;
        long passed = Long.MIN_VALUE;

        Place(EventLog.Cursor cursor) {
            this.cursor = cursor;
        }
    }

    private record Seen(EventLog view, List<Event> events) {}

    /** A log, what it must hold, and what was seen of it on the way. */
    private static final class Run {
        final long seed;
        final Random random;
        final EventLog log =
                new EventLog(() -> new Column[] {new CodeColumn(), new NumberColumn()});
        final List<Event> events = new ArrayList<>();
        final List<Place> places = new ArrayList<>();
        final List<Seen> seen = new ArrayList<>();
        long epoch = 1;
        final int members;

        Run(long seed, int members) {
            this.seed = seed;
            this.members = members;
            this.random = new Random(seed);
        }

        void insert(long at) {
            Event event =
                    new Event(
                            at,
                            random.nextInt(members),
                            random.nextInt(4) == 0 ? 0 : random.nextInt(400),
                            random.nextInt(4) == 0
                                    ? NumberColumn.UNSET
                                    : random.nextInt(1_000) * 10_000L);
            log.insert(event.member(), at, epoch);
            if (event.code() != 0) {
                log.set(0, event.code());
            }
            if (event.number() != NumberColumn.UNSET) {
                log.set(1, event.number());
            }
            int index = firstAfter(at);
            events.add(index, event);
            for (Place place : places) {
                if (index < place.before || (index == place.before && at <= place.passed)) {
                    place.before++;
                }
            }
            assertThat(log.lastChunk().at(log.lastRow())).isEqualTo(at);
        }

        int firstAfter(long at) {
            int low = 0;
            int high = events.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (events.get(middle).at() <= at) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }

        void remove(int index) {
            int[] place = locate(index);
            log.remove(place[0], place[1], epoch);
            events.remove(index);
            for (Place each : places) {
                if (index < each.before) {
                    each.before--;
                }
            }
        }

        int[] locate(int index) {
            int chunk = 0;
            int left = index;
            while (left >= log.chunk(chunk).size()) {
                left -= log.chunk(chunk++).size();
            }
            return new int[] {chunk, left};
        }

        Place place() {
            Place place = new Place(log.cursor());
            places.add(place);
            return place;
        }

        long next(Place place) {
            return place.before == events.size() ? Long.MAX_VALUE : events.get(place.before).at();
        }

        void advance(Place place) {
            if (next(place) != Long.MAX_VALUE) {
                place.passed = Math.max(place.passed, next(place));
                place.before++;
                log.advance(place.cursor);
            }
        }

        void passed(Place place, long instant) {
            long until = Math.min(instant, next(place) - 1);
            place.passed = Math.max(place.passed, until);
            log.passed(place.cursor, until);
        }

        void moveTo(Place place, long instant) {
            place.before = firstAfter(instant);
            place.passed = instant;
            log.moveTo(place.cursor, instant);
        }

        void view() {
            seen.add(new Seen(log.view(), List.copyOf(events)));
            epoch++;
        }

        void checkCursors() {
            for (Place place : places) {
                assertThat(log.next(place.cursor)).as("seed %d", seed).isEqualTo(next(place));
                for (int i = 0; i < 3 && !events.isEmpty(); i++) {
                    int index =
                            i == 0
                                    ? Math.clamp(place.before - 1, 0, events.size() - 1)
                                    : random.nextInt(events.size());
                    int[] at = locate(index);
                    assertThat(log.isPassed(place.cursor, at[0], at[1]))
                            .as("seed %d", seed)
                            .isEqualTo(index < place.before);
                }
                if (place.before < events.size()) {
                    EventChunk chunk = log.chunkAt(place.cursor);
                    assertThat((int) chunk.members()[log.indexAt(place.cursor)])
                            .as("seed %d", seed)
                            .isEqualTo(events.get(place.before).member());
                }
            }
        }

        void checkAll() {
            check(log, events);
            checkPositions(log, events);
            for (Seen each : seen) {
                check(each.view(), each.events());
                checkPositions(each.view(), each.events());
            }
            checkCursors();
        }

        private void check(EventLog of, List<Event> wanted) {
            assertThat(of.size()).as("seed %d", seed).isEqualTo(wanted.size());
            assertThat(of.latest())
                    .as("seed %d", seed)
                    .isEqualTo(wanted.isEmpty() ? Long.MIN_VALUE : wanted.getLast().at());
            int index = 0;
            for (int i = 0; i < of.chunkCount(); i++) {
                EventChunk chunk = of.chunk(i);
                assertThat(chunk.size()).as("seed %d", seed).isBetween(1, CAPACITY);
                for (int row = 0; row < chunk.size(); row++) {
                    Event event = wanted.get(index);
                    if (!new Event(
                                    chunk.at(row),
                                    chunk.members()[row],
                                    ((CodeColumn) chunk.column(0)).get(row),
                                    chunk.column(1).key(row))
                            .equals(event)) {
                        throw new AssertionError(
                                "event " + index + " is not " + event + ", seed " + seed);
                    }
                    index++;
                }
            }
        }

        private void checkPositions(EventLog of, List<Event> wanted) {
            for (int i = 0; i < 3; i++) {
                int member = random.nextInt(members);
                List<Long> found = new ArrayList<>();
                Positions positions = new Positions();
                for (int chunk = 0; chunk < of.chunkCount(); chunk++) {
                    positions.clear();
                    of.chunk(chunk).positionsOf(member, positions);
                    for (int j = 0; j < positions.count(); j++) {
                        found.add(of.chunk(chunk).column(1).key(positions.get(j)));
                    }
                }
                assertThat(found)
                        .as("member %d, seed %d", member, seed)
                        .isEqualTo(
                                wanted.stream()
                                        .filter(event -> event.member() == member)
                                        .map(Event::number)
                                        .toList());
            }
        }
    }

    @Test
    void agreesWithAListInOrder() {
        for (long seed : Seeds.of(300)) {
            Run run = new Run(seed, 1 + new Random(seed).nextInt(30));
            // Few instants, so that many are equal; or more of them than four bytes hold.
            long step = run.random.nextInt(4) == 0 ? 1L << 30 : 1;
            int span = 2 + run.random.nextInt(60);
            for (int i = 0; i < 400; i++) {
                long instant = (run.random.nextInt(span) - 5) * step;
                switch (run.random.nextInt(10)) {
                    case 0, 1 -> {
                        if (!run.events.isEmpty()) {
                            run.remove(run.random.nextInt(run.events.size()));
                        }
                    }
                    case 2 -> {
                        if (run.places.size() < 4) {
                            run.place();
                        } else if (run.random.nextInt(8) == 0) {
                            run.log.drop(run.places.removeFirst().cursor);
                        }
                    }
                    case 3 -> run.places.forEach(run::advance);
                    case 4 -> run.places.forEach(place -> run.passed(place, instant));
                    case 5 -> {
                        if (run.random.nextInt(4) == 0) {
                            run.places.forEach(place -> run.moveTo(place, instant));
                        }
                    }
                    case 6 -> {
                        if (run.seen.size() < 8 && run.random.nextInt(4) == 0) {
                            run.view();
                        }
                    }
                    default ->
                            run.insert(
                                    run.random.nextBoolean()
                                            ? instant
                                            : Math.max(instant, run.log.latest()));
                }
                run.checkCursors();
            }
            run.checkAll();
        }
    }

    @Test
    void fillsSplitsAndEmptiesChunks() {
        long seed = Seeds.of(1)[0];
        Run run = new Run(seed, 5_000);
        Place first = run.place();
        for (int i = 0; i < CAPACITY + 10; i++) {
            run.insert(i / 4);
        }
        assertThat(run.log.chunkCount()).isEqualTo(2);
        Place second = run.place();
        run.moveTo(second, 9_000);
        run.view();
        run.checkAll();
        // A full chunk must split.
        for (int i = 0; i < 300; i++) {
            run.insert(run.random.nextInt(CAPACITY / 4));
            run.advance(first);
            run.checkCursors();
        }
        assertThat(run.log.chunkCount()).isEqualTo(3);
        run.view();
        for (int i = 0; i < 300; i++) {
            run.remove(run.random.nextInt(run.events.size()));
            run.passed(second, 20_000);
            run.checkCursors();
        }
        run.checkAll();
        // The last chunk goes, and what was before it is appended to.
        int last = run.log.chunk(2).size();
        for (int i = 0; i < last; i++) {
            run.remove(run.events.size() - 1);
        }
        assertThat(run.log.chunkCount()).isEqualTo(2);
        for (int i = 0; i < 10; i++) {
            run.insert(run.log.latest() + i % 2);
        }
        run.checkAll();
        // And one in the middle.
        int half = run.log.chunk(0).size();
        for (int i = half - 1; i >= 0; i--) {
            run.remove(i);
        }
        assertThat(run.log.chunkCount()).isEqualTo(1);
        run.checkAll();
        run.insert(-1);
        run.insert(0);
        run.checkAll();
    }

    @Test
    void goesOnBehindASealedChunkThatBecameTheLastAgain() {
        Run run = new Run(1, 300);
        for (int i = 0; i < CAPACITY + 1; i++) {
            run.insert(i);
        }
        run.remove(CAPACITY);
        assertThat(run.log.chunkCount()).isEqualTo(1);
        run.insert(CAPACITY + 5);
        run.insert(CAPACITY + 6);
        assertThat(run.log.chunkCount()).isEqualTo(2);
        run.checkAll();
    }

    @Test
    void aViewDoesNotSeeWhatIsAppendedToAChunkThatBecameTheLastAgain() {
        // given: room in the first of two chunks, and a view of both
        Run run = new Run(2, 300);
        for (int i = 0; i < CAPACITY + 1; i++) {
            run.insert(i);
        }
        run.remove(5);
        run.view();

        // when
        run.remove(run.events.size() - 1);
        run.insert(CAPACITY);
        assertThat(run.log.chunkCount()).isEqualTo(1);

        // then
        run.checkAll();
    }

    @Test
    void anEventOfAnInstantThatIsHalfPassedIsYetToBePassed() {
        Run run = new Run(3, 10);
        Place place = run.place();
        run.insert(7);
        run.insert(7);
        run.insert(7);
        run.advance(place);
        run.insert(7);
        run.checkCursors();
        assertThat(place.before).isEqualTo(1);
        for (int i = 0; i < 3; i++) {
            assertThat(run.log.next(place.cursor)).isEqualTo(7);
            run.advance(place);
        }
        // All of that instant are passed: one more is too.
        run.insert(7);
        assertThat(run.log.next(place.cursor)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void instantsMayBeFarApartAndBeforeTheFirst() {
        Run run = new Run(4, 10);
        run.insert(0);
        run.insert((1L << 32) - 1);
        run.insert(1L << 32);
        run.insert(-1);
        run.insert(-(1L << 40));
        run.insert(1L << 50);
        run.view();
        run.insert(3);
        run.checkAll();
        EventChunk chunk = run.log.chunk(0);
        assertThat(chunk.firstFrom(0)).isEqualTo(2);
        assertThat(chunk.firstAfter(0)).isEqualTo(3);
        assertThat(chunk.firstAfter(Long.MAX_VALUE)).isEqualTo(7);
        assertThat(chunk.firstFrom(Long.MIN_VALUE)).isZero();
    }

    @Test
    void anEmptyLogHasNothing() {
        Run run = new Run(5, 10);
        Place place = run.place();
        run.checkAll();
        run.moveTo(place, 100);
        run.insert(100);
        run.insert(101);
        run.checkCursors();
        run.remove(0);
        run.remove(0);
        run.checkAll();
        assertThat(run.log.retainedBytes()).isPositive();
        run.insert(50);
        run.insert(200);
        run.checkAll();
    }
}
