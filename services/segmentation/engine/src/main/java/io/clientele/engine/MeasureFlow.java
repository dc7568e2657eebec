package io.clientele.engine;

import io.clientele.engine.EventQuery.Part;
import io.clientele.engine.LiveLeaf.Additive;
import io.clientele.engine.LiveLeaf.Measure;
import io.clientele.engine.LiveLeaf.Span;
import io.clientele.engine.internal.column.EventChunk;
import io.clientele.engine.internal.column.EventLog;
import io.clientele.engine.internal.column.NumberColumn;
import io.clientele.engine.internal.column.Sizes;
import io.clientele.engine.internal.exec.CodeCounts;
import io.clientele.engine.internal.exec.EventScan;
import io.clientele.engine.internal.exec.RowFilter;
import io.clientele.engine.internal.exec.Schedule;
import io.clientele.engine.internal.exec.Totals;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Running values of each member, which follow events as these enter and leave windows: one cursor
 * for each log, block and window border, so that the events themselves are the timers.
 *
 * <p>Invariant: between calls a measure holds exactly the events that have passed the border they
 * enter by and not the one they leave by. One thread.
 */
final class MeasureFlow {
    /** Longs in a cache line. */
    private static final int LINE = 8;

    /** So many events are looked at before they pass. */
    private static final int AHEAD = 3;

    private final Shard shard;
    private final Tracker tracker;
    private final Map<Measure.Key, Measure> measures = new HashMap<>();

    // By block: a row of cells for each member, and for how many members there is room.
    private int cells;
    private int cellsUsed;
    private final List<Integer> freeCells = new ArrayList<>();
    private long[][] cellRows = {};
    private int[] sizes = {};

    // By log: borders of windows and what takes events in between them.
    private Border[][] borders = {};
    private Use[][] uses = {};

    // When the next event of a block passes a border.
    private final Schedule schedule = new Schedule();
    private final List<Due> dues = new ArrayList<>();
    private final List<Integer> freeDues = new ArrayList<>();

    private final EventScan scan = new EventScan();

    /** What was read ahead, so that it is read. */
    @SuppressWarnings("unused")
    private long read;

    MeasureFlow(Shard shard, Tracker tracker) {
        this.shard = shard;
        this.tracker = tracker;
    }

    /** Events of a block that pass a border. */
    private record Due(Border border, int block) {}

    /** A measure that takes the events of a log between two borders; the second may be missing. */
    private record Use(Measure measure, Part part, Border enters, @Nullable Border leaves) {
        /** Whether it holds an event of which the borders know whether it has passed them. */
        boolean holds(long at) {
            return enters.passedNow
                    && (leaves == null || !leaves.passedNow)
                    && measure.key.span().holds(at);
        }
    }

    /** So long after an event, measures take it in or let it go. */
    private static final class Border {
        final int log;
        final long offset;
        Use[] entering = {};
        Use[] leaving = {};

        /** By block. */
        EventLog.Cursor[] cursors = {};

        int[] dues = {};
        boolean passedNow;

        // What events that pass need: a cell for each cache line of a row, and counts of values.
        int[] lines = {};
        CodeCounts[] counted = {};

        Border(int log, long offset) {
            this.log = log;
            this.offset = offset;
        }

        void enter(Use use) {
            entering = with(entering, use);
            plan();
        }

        void leave(Use use) {
            leaving = with(leaving, use);
            plan();
        }

        void forget(Measure measure) {
            entering = without(entering, measure);
            leaving = without(leaving, measure);
            plan();
        }

        /** Finds out what to read ahead. */
        private void plan() {
            List<Measure> measures =
                    Stream.concat(Arrays.stream(entering), Arrays.stream(leaving))
                            .map(Use::measure)
                            .distinct()
                            .toList();
            lines =
                    measures.stream()
                            .flatMapToInt(it -> IntStream.of(it.countCell, it.sumCell))
                            .filter(cell -> cell >= 0)
                            .map(cell -> cell - cell % LINE)
                            .distinct()
                            .toArray();
            counted =
                    measures.stream()
                            .map(it -> it.codes)
                            .filter(Objects::nonNull)
                            .distinct()
                            .toArray(CodeCounts[]::new);
        }
    }

    /** Makes room for so many members of a block. */
    void reserve(int index, int size) {
        if (index == cellRows.length) {
            cellRows = Arrays.copyOf(cellRows, index + 1);
            cellRows[index] = new long[0];
            sizes = Arrays.copyOf(sizes, index + 1);
        }
        sizes[index] = Math.max(sizes[index], size);
        if (size * cells > cellRows[index].length) {
            int grown = Math.min(size + (size >> 1) + 16, Block.CAPACITY);
            cellRows[index] = Arrays.copyOf(cellRows[index], grown * cells);
        }
    }

    /** Whether a member's running value passes. */
    boolean test(Additive leaf, int index, int place) {
        Measure measure = leaf.measure;
        long[] rows = cellRows[index];
        int from = place * cells;
        return test(
                leaf,
                measure.countCell < 0 ? 0 : rows[from + measure.countCell],
                measure.sumCell < 0 ? 0 : rows[from + measure.sumCell],
                measure.carried(index << Block.SHIFT | place));
    }

    private static boolean test(Additive leaf, long count, long sum, long carried) {
        return carried == 0
                ? leaf.test(count, sum)
                : leaf.testLarge(
                        count,
                        BigInteger.valueOf(carried)
                                .shiftLeft(Long.SIZE)
                                .add(BigInteger.valueOf(sum)));
    }

    /** When the next event passes a border, or {@link Schedule#NEVER}. */
    long next() {
        return schedule.firstInstant();
    }

    /** Before an event is added to a log: which borders it has passed already. */
    void beforeInsert(int index, int log, EventLog rows, long at) {
        if (log >= borders.length) {
            return;
        }
        for (Border border : borders[log]) {
            EventLog.Cursor cursor = cursor(border, index, rows);
            long passed = Math.min(tracker.clock() - border.offset, rows.next(cursor) - 1);
            border.passedNow = at <= passed;
            rows.passed(cursor, passed);
        }
    }

    /** After it was added. */
    void inserted(int index, int place, int log, EventLog rows, long at) {
        if (log >= borders.length) {
            return;
        }
        EventChunk chunk = rows.lastChunk();
        int row = rows.lastRow();
        RowFilter asked = null;
        boolean counts = true;
        for (Use use : uses[log]) {
            RowFilter filter = use.part.filter();
            if (filter == null) {
                counts = true;
            } else if (filter != asked) {
                counts = filter.test(chunk, row);
            }
            asked = filter;
            if (counts && use.holds(at)) {
                apply(use, index, place, chunk, row, 1);
            }
        }
        for (Border border : borders[log]) {
            if (!border.passedNow && at + border.offset < schedule.instant(border.dues[index])) {
                schedule.set(border.dues[index], at + border.offset);
            }
        }
    }

    /** Before a row is taken out: the measures that hold it let it go. */
    void beforeRemove(int index, int place, int log, EventLog rows, int chunkIndex, int row) {
        if (log >= borders.length) {
            return;
        }
        for (Border border : borders[log]) {
            border.passedNow = rows.isPassed(cursor(border, index, rows), chunkIndex, row);
        }
        EventChunk chunk = rows.chunk(chunkIndex);
        for (Use use : uses[log]) {
            RowFilter filter = use.part.filter();
            if (use.holds(chunk.at(row)) && (filter == null || filter.test(chunk, row))) {
                apply(use, index, place, chunk, row, -1);
            }
        }
    }

    private void apply(Use use, int index, int place, EventChunk chunk, int row, int sign) {
        Measure measure = use.measure;
        int from = place * cells;
        long[] rows = cellRows[index];
        Part part = use.part;
        CodeCounts codes = measure.codes;
        if (codes != null) {
            int code = (int) chunk.column(part.property()).key(row);
            int more = code == 0 ? 0 : codes.add(index, place, code, measure.slot, sign);
            if (more != 0) {
                long different = rows[from + measure.countCell] + more;
                rows[from + measure.countCell] = different;
                for (Additive leaf : measure.leaves) {
                    tracker.set(leaf, index, place, leaf.test(different, 0));
                }
            }
            return;
        }
        long number = 0;
        if (part.property() != EventScan.NO_PROPERTY) {
            number = ((NumberColumn) chunk.column(part.property())).get(row);
            if (number == NumberColumn.UNSET) {
                return;
            }
            number = part.negated() != sign < 0 ? -number : number;
        }
        long count = 0;
        long sum = 0;
        if (measure.countCell >= 0) {
            count = rows[from + measure.countCell] + sign;
            rows[from + measure.countCell] = count;
        }
        if (measure.sumCell >= 0) {
            long before = rows[from + measure.sumCell];
            sum = before + number;
            rows[from + measure.sumCell] = sum;
            if (((before ^ sum) & (number ^ sum)) < 0) {
                measure.carry(index << Block.SHIFT | place, number > 0 ? 1 : -1);
            }
        }
        long carried = measure.carried(index << Block.SHIFT | place);
        for (Additive leaf : measure.leaves) {
            tracker.set(leaf, index, place, test(leaf, count, sum, carried));
        }
    }

    private EventLog.Cursor cursor(Border border, int index, EventLog rows) {
        int known = border.cursors.length;
        if (index >= known) {
            border.cursors = Arrays.copyOf(border.cursors, index + 1);
            border.dues = Arrays.copyOf(border.dues, index + 1);
            Arrays.fill(border.dues, known, index + 1, -1);
        }
        EventLog.Cursor cursor = border.cursors[index];
        if (cursor == null) {
            cursor = rows.cursor();
            rows.moveTo(cursor, tracker.clock() - border.offset);
            border.cursors[index] = cursor;
            border.dues[index] = due(new Due(border, index));
            schedule.set(border.dues[index], plus(rows.next(cursor), border.offset));
        }
        return cursor;
    }

    /** Takes in and lets go what is due first, as far as the budget goes. */
    void pass(int[] budget) {
        int number = schedule.first();
        Due due = dues.get(number);
        Border border = due.border();
        EventLog rows = shard.log(due.block(), border.log);
        EventLog.Cursor cursor = border.cursors[due.block()];
        while (plus(rows.next(cursor), border.offset) <= tracker.clock() && budget[0]-- > 0) {
            EventChunk chunk = rows.chunkAt(cursor);
            int row = rows.indexAt(cursor);
            long at = chunk.at(row);
            int place = chunk.members()[row];
            // Taken out before taken in: sums stay small.
            take(border.leaving, due.block(), place, chunk, row, at, -1);
            take(border.entering, due.block(), place, chunk, row, at, 1);
            rows.advance(cursor);
            readAhead(border, due.block(), rows, cursor);
        }
        schedule.set(number, plus(rows.next(cursor), border.offset));
    }

    /**
     * Reads what the events that pass the border next will need. Each member is in other cache
     * lines than the one before, and many events of other borders come between: reads asked for
     * now, all at once, are there by then, where each would be waited for in turn.
     */
    private void readAhead(Border border, int index, EventLog rows, EventLog.Cursor cursor) {
        if (!rows.hasNext(cursor, AHEAD)) {
            return;
        }
        char[] members = rows.chunkAt(cursor).members();
        int row = rows.indexAt(cursor);
        int place = members[row];
        long sum = tracker.row(index, place);
        long[] own = cellRows[index];
        for (int cell : border.lines) {
            sum += own[place * cells + cell];
        }
        for (CodeCounts codes : border.counted) {
            sum += codes.readAhead(index, place, members[row + 1], members[row + 2]);
        }
        read = sum;
    }

    private void take(
            Use[] all, int index, int place, EventChunk chunk, int row, long at, int sign) {
        RowFilter asked = null;
        boolean counts = true;
        for (Use use : all) {
            RowFilter filter = use.part.filter();
            if (filter == null) {
                counts = true;
            } else if (filter != asked) {
                counts = filter.test(chunk, row);
            }
            asked = filter;
            if (counts && use.measure.key.span().holds(at)) {
                apply(use, index, place, chunk, row, sign);
            }
        }
    }

    /**
     * The measure of a key, a new one that holds what it must now; null if it cannot be kept.
     *
     * @param counts whether the number of events is wanted too, where numbers are added up
     */
    @Nullable Measure measure(Measure.Key key, boolean counts) {
        Measure known = measures.get(key);
        if (known == null) {
            return newMeasure(key, counts);
        }
        if (counts && known.countCell < 0) {
            known.countCell = freeCell();
            for (int index = 0; index < cellRows.length; index++) {
                fill(known, index);
            }
        }
        return known;
    }

    private @Nullable Measure newMeasure(Measure.Key key, boolean counts) {
        List<Part> parts =
                QueryPlanner.parts(
                        shard.model(),
                        shard::logIndex,
                        shard.logSpecs(),
                        key.type(),
                        key.where(),
                        key.property(),
                        true,
                        shard.frame(tracker.clock()));
        if (parts == null) {
            return null;
        }
        if (key.distinct() && !hasOneDictionary(parts)) {
            return null;
        }
        List<Part> summed = new ArrayList<>();
        for (Part part : parts) {
            if (!key.sums() || shard.logSpecs()[part.log()].types[part.property()].isNumeric()) {
                summed.add(part);
            }
        }
        if (key.sums() && !fits(summed)) {
            return null;
        }
        CodeCounts codes = key.distinct() ? codesLike(key) : null;
        Measure measure =
                new Measure(
                        key,
                        summed,
                        counts ? freeCell() : -1,
                        key.sums() ? freeCell() : -1,
                        codes,
                        codes == null ? 0 : codes.addSlot());
        measures.put(key, measure);
        for (Part part : summed) {
            int log = part.log();
            while (log >= uses.length) {
                uses = Arrays.copyOf(uses, uses.length + 1);
                borders = Arrays.copyOf(borders, borders.length + 1);
                uses[uses.length - 1] = new Use[0];
                borders[borders.length - 1] = new Border[0];
            }
            Border enters = border(log, key.span().enters());
            Border leaves =
                    key.span().leaves() == Schedule.NEVER ? null : border(log, key.span().leaves());
            Use use = new Use(measure, shared(part, uses[log], key), enters, leaves);
            uses[log] = with(uses[log], use);
            enters.enter(use);
            if (leaves != null) {
                leaves.leave(use);
            }
        }
        for (int index = 0; index < cellRows.length; index++) {
            fill(measure, index);
        }
        return measure;
    }

    /** The counts of codes of measures that differ in their windows only. */
    private CodeCounts codesLike(Measure.Key key) {
        for (Measure known : measures.values()) {
            if (known.codes != null && known.key.isLike(key)) {
                return known.codes;
            }
        }
        return new CodeCounts();
    }

    private boolean fits(List<Part> parts) {
        for (int index = 0; index < cellRows.length; index++) {
            List<@Nullable EventLog> logs = new ArrayList<>();
            for (Part part : parts) {
                logs.add(shard.log(index, part.log()));
            }
            if (!EventQuery.fits(parts, logs, shard.blockAt(index).size())) {
                return false;
            }
        }
        return true;
    }

    /** Whether different values have different codes, one each. */
    private boolean hasOneDictionary(List<Part> parts) {
        if (parts.size() != 1) {
            return false;
        }
        LogSpec spec = shard.logSpecs()[parts.getFirst().log()];
        int property = parts.getFirst().property();
        return !spec.isNumeric(property) && spec.types[property] != ValueType.STRINGS;
    }

    private static boolean sameFilter(Measure.Key one, Measure.Key other) {
        return one.type().equals(other.type()) && Objects.equals(one.where(), other.where());
    }

    /** The same part with the filter of another that asks the same. */
    private static Part shared(Part part, Use[] others, Measure.Key key) {
        for (Use other : others) {
            if (sameFilter(other.measure.key, key)) {
                return new Part(part.log(), other.part.filter(), part.property(), part.negated());
            }
        }
        return part;
    }

    private Border border(int log, long offset) {
        for (Border known : borders[log]) {
            if (known.offset == offset) {
                return known;
            }
        }
        Border border = new Border(log, offset);
        borders[log] = Arrays.copyOf(borders[log], borders[log].length + 1);
        borders[log][borders[log].length - 1] = border;
        for (int index = 0; index < cellRows.length; index++) {
            cursor(border, index, shard.log(index, log));
        }
        return border;
    }

    private static Use[] with(Use[] all, Use use) {
        Use[] more = Arrays.copyOf(all, all.length + 1);
        int place = 0;
        while (place < all.length && !sameFilter(all[place].measure.key, use.measure.key)) {
            place++;
        }
        System.arraycopy(all, place, more, place + 1, all.length - place);
        more[place] = use;
        return more;
    }

    /** Adds up what a measure holds now. */
    private void fill(Measure measure, int index) {
        Block block = shard.blockAt(index);
        Span span = measure.key.span();
        long first =
                span.leaves() == Schedule.NEVER
                        ? Long.MIN_VALUE
                        : tracker.clock() - span.leaves() + 1;
        long last = tracker.clock() - span.enters();
        CodeCounts codes = measure.codes;
        if (codes != null) {
            fillCodes(
                    measure,
                    codes,
                    index,
                    Math.max(first, span.first()),
                    Math.min(last, span.last()));
            return;
        }
        Totals.Sum totals = new Totals.Sum(true);
        totals.reset(block.size());
        for (Part part : measure.parts) {
            scan.run(
                    shard.log(index, part.log()),
                    part.filter(),
                    Math.max(first, span.first()),
                    Math.min(last, span.last()),
                    part.property(),
                    part.negated(),
                    totals);
        }
        for (int place = 0; place < block.size(); place++) {
            if (measure.countCell >= 0) {
                cellRows[index][place * cells + measure.countCell] = totals.count(place);
            }
            if (measure.sumCell >= 0) {
                cellRows[index][place * cells + measure.sumCell] = totals.sum(place);
            }
        }
    }

    private void fillCodes(Measure measure, CodeCounts codes, int index, long first, long last) {
        Part part = measure.parts.getFirst();
        EventLog log = shard.log(index, part.log());
        for (int i = 0; i < log.chunkCount(); i++) {
            EventChunk chunk = log.chunk(i);
            int end = chunk.firstAfter(last);
            for (int row = chunk.firstFrom(first); row < end; row++) {
                int code = (int) chunk.column(part.property()).key(row);
                if (code != 0 && (part.filter() == null || part.filter().test(chunk, row))) {
                    int place = chunk.members()[row];
                    cellRows[index][place * cells + measure.countCell] +=
                            codes.add(index, place, code, measure.slot, 1);
                }
            }
        }
    }

    /** Keeps a measure no longer. */
    void release(Measure measure) {
        measures.remove(measure.key);
        if (measure.codes != null) {
            measure.codes.removeSlot(measure.slot);
        }
        for (int cell : new int[] {measure.countCell, measure.sumCell}) {
            if (cell >= 0) {
                freeCells.add(cell);
                for (long[] rows : cellRows) {
                    for (int at = cell; at < rows.length; at += cells) {
                        rows[at] = 0;
                    }
                }
            }
        }
        for (Part part : measure.parts) {
            int log = part.log();
            uses[log] = without(uses[log], measure);
            for (Border border : borders[log]) {
                border.forget(measure);
                if (border.entering.length + border.leaving.length == 0) {
                    borders[log] =
                            Arrays.stream(borders[log])
                                    .filter(it -> it != border)
                                    .toArray(Border[]::new);
                    for (int index = 0; index < border.cursors.length; index++) {
                        // Blocks that had no events yet have none.
                        if (border.cursors[index] != null) {
                            shard.log(index, log).drop(border.cursors[index]);
                            schedule.set(border.dues[index], Schedule.NEVER);
                            freeDues.add(border.dues[index]);
                        }
                    }
                }
            }
        }
    }

    private static Use[] without(Use[] all, Measure measure) {
        return Arrays.stream(all).filter(use -> use.measure != measure).toArray(Use[]::new);
    }

    private int due(Due due) {
        if (!freeDues.isEmpty()) {
            int free = freeDues.removeLast();
            dues.set(free, due);
            return free;
        }
        int number = schedule.add();
        dues.add(due);
        return number;
    }

    private static long plus(long instant, long offset) {
        return instant == Schedule.NEVER ? Schedule.NEVER : instant + offset;
    }

    private int freeCell() {
        if (!freeCells.isEmpty()) {
            return freeCells.removeLast();
        }
        if (cellsUsed == cells) {
            int wider = cells + Math.max(2, cells / 8);
            for (int index = 0; index < cellRows.length; index++) {
                long[] old = cellRows[index];
                cellRows[index] =
                        cells == 0 ? new long[sizes[index] * wider] : widened(old, cells, wider);
            }
            cells = wider;
        }
        return cellsUsed++;
    }

    /** Rows of more cells each. */
    static long[] widened(long[] rows, int from, int to) {
        int count = from == 0 ? 0 : rows.length / from;
        long[] wider = new long[count * to];
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows, i * from, wider, i * to, from);
        }
        return wider;
    }

    /** Memory held, in bytes. */
    long retainedBytes() {
        long bytes = schedule.retainedBytes();
        for (long[] rows : cellRows) {
            bytes += Sizes.array(8L * rows.length);
        }
        Set<CodeCounts> counted = new HashSet<>();
        for (Measure measure : measures.values()) {
            bytes += measure.retainedBytes();
            if (measure.codes != null && counted.add(measure.codes)) {
                bytes += measure.codes.retainedBytes();
            }
        }
        return bytes;
    }
}
