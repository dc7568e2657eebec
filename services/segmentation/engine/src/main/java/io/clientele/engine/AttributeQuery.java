package io.clientele.engine;

import io.clientele.engine.internal.bitmap.Bits;
import io.clientele.engine.internal.column.NumberColumn;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Answers for an attribute from its column or index; for members whose value changes after the
 * instant asked about, the exact evaluator answers.
 */
abstract class AttributeQuery extends QueryNode {
    private final int attribute;
    private final long at;
    private final QueryNode exact;

    /**
     * @param at the instant asked about, or the snapshot's clock if that is earlier
     * @param exact answers where columns cannot
     */
    AttributeQuery(int attribute, long at, QueryNode exact) {
        this.attribute = attribute;
        this.at = at;
        this.exact = exact;
    }

    @Override
    final void select(Block block, long[] among, long[] into, QueryScratch scratch) {
        AttributeStore store = block.attribute(attribute);
        int words = block.words();
        if (store == null) {
            Arrays.fill(into, 0, words, 0L);
        } else if (store.latest() <= at) {
            select(store, words, among, into, scratch);
        } else if (!store.isSettled()) {
            exact.select(block, among, into, scratch);
        } else {
            selectApart(block, store, among, into, scratch);
        }
    }

    /** Those whose value has changed since are asked one by one, all others by column. */
    private void selectApart(
            Block block, AttributeStore store, long[] among, long[] into, QueryScratch scratch) {
        int words = block.words();
        long[] changed = scratch.borrow();
        long[] others = scratch.borrow();
        Arrays.fill(changed, 0, words, 0L);
        block.addLater(at, changed);
        store.addLater(at, changed);
        Bits.and(changed, among, words);
        System.arraycopy(among, 0, others, 0, words);
        Bits.andNot(others, changed, words);
        select(store, words, others, into, scratch);
        if (!Bits.isEmpty(changed, words)) {
            exact.select(block, changed, others, scratch);
            Bits.or(into, others, words);
        }
        scratch.giveBack(others);
        scratch.giveBack(changed);
    }

    abstract void select(
            AttributeStore store, int words, long[] among, long[] into, QueryScratch scratch);

    /** Members that have one of several codes of the index. */
    static void having(
            AttributeStore store,
            int[] codes,
            int words,
            long[] among,
            long[] into,
            QueryScratch scratch) {
        Arrays.fill(into, 0, words, 0L);
        long[] room = scratch.borrow();
        for (int code : codes) {
            store.index().or(code, into, room);
        }
        scratch.giveBack(room);
        Bits.and(into, among, words);
    }

    /** Members with one of several codes of an index. */
    static final class AnyCode extends AttributeQuery {
        private final int[] codes;

        AnyCode(int attribute, long at, QueryNode exact, int[] codes) {
            super(attribute, at, exact);
            this.codes = codes;
        }

        @Override
        void select(
                AttributeStore store, int words, long[] among, long[] into, QueryScratch scratch) {
            having(store, codes, words, among, into, scratch);
        }

        @Override
        int cost() {
            return COST_INDEX;
        }
    }

    /** Members whose set has each of several codes. */
    static final class EveryCode extends AttributeQuery {
        private final int[] codes;

        EveryCode(int attribute, long at, QueryNode exact, int[] codes) {
            super(attribute, at, exact);
            this.codes = codes;
        }

        @Override
        void select(
                AttributeStore store, int words, long[] among, long[] into, QueryScratch scratch) {
            System.arraycopy(among, 0, into, 0, words);
            long[] having = scratch.borrow();
            long[] room = scratch.borrow();
            for (int code : codes) {
                Arrays.fill(having, 0, words, 0L);
                store.index().or(code, having, room);
                Bits.and(into, having, words);
            }
            scratch.giveBack(room);
            scratch.giveBack(having);
        }

        @Override
        int cost() {
            return COST_INDEX;
        }
    }

    /** Members whose number is from low to high. */
    static final class Between extends AttributeQuery {
        private final long low;
        private final long high;

        Between(int attribute, long at, QueryNode exact, long low, long high) {
            super(attribute, at, exact);
            this.low = low;
            this.high = high;
        }

        @Override
        void select(
                AttributeStore store, int words, long[] among, long[] into, QueryScratch scratch) {
            NumberColumn numbers = store.numbers();
            short[] shorts = numbers.shorts();
            int[] ints = numbers.ints();
            int capacity = numbers.capacity();
            // In cells: rounded inwards, unset ones below every bound.
            long from = Math.ceilDiv(Math.max(low, Long.MIN_VALUE + 1), numbers.divisor());
            long to = Math.floorDiv(high, numbers.divisor());
            if (shorts != null) {
                from = Math.max(from, Short.MIN_VALUE + 1);
            } else if (ints != null) {
                from = Math.max(from, Integer.MIN_VALUE + 1);
            }
            for (int word = 0; word < words; word++) {
                long passed = 0;
                for (long left = among[word]; left != 0; left &= left - 1) {
                    int member = (word << 6) + Long.numberOfTrailingZeros(left);
                    if (member >= capacity) {
                        break;
                    }
                    boolean inside;
                    if (shorts != null) {
                        inside = shorts[member] >= from && shorts[member] <= to;
                    } else if (ints != null) {
                        inside = ints[member] >= from && ints[member] <= to;
                    } else {
                        long number = numbers.get(member);
                        inside = number != NumberColumn.UNSET && number >= low && number <= high;
                    }
                    passed |= inside ? 1L << member : 0L;
                }
                into[word] = passed;
            }
        }

        @Override
        int cost() {
            return COST_COLUMN;
        }
    }

    /** Members whose number is in a table of a range: days by their numbers. */
    static final class InTable extends AttributeQuery {
        private final long first;
        private final boolean[] table;
        private final int @Nullable [] codes;

        /**
         * @param codes whoever passes has one of these of the index; null: anybody may
         */
        InTable(
                int attribute,
                long at,
                QueryNode exact,
                long first,
                boolean[] table,
                int @Nullable [] codes) {
            super(attribute, at, exact);
            this.first = first;
            this.table = table;
            this.codes = codes;
        }

        @Override
        void select(
                AttributeStore store, int words, long[] among, long[] into, QueryScratch scratch) {
            if (codes != null) {
                having(store, codes, words, among, into, scratch);
                look(store, words, into, into);
            } else {
                look(store, words, among, into);
            }
        }

        private void look(AttributeStore store, int words, long[] among, long[] into) {
            NumberColumn numbers = store.numbers();
            short[] shorts = numbers.divisor() == 1 ? numbers.shorts() : null;
            int capacity = numbers.capacity();
            boolean[] passes = table;
            for (int word = 0; word < words; word++) {
                long passed = 0;
                for (long left = among[word]; left != 0; left &= left - 1) {
                    int member = (word << 6) + Long.numberOfTrailingZeros(left);
                    if (member >= capacity) {
                        break;
                    }
                    if (shorts != null && shorts[member] == Short.MIN_VALUE) {
                        continue;
                    }
                    // A cell that is unset is far outside the table.
                    long place = (shorts != null ? shorts[member] : numbers.get(member)) - first;
                    if (place >= 0 && place < passes.length && passes[(int) place]) {
                        passed |= 1L << member;
                    }
                }
                into[word] = passed;
            }
        }

        @Override
        int cost() {
            return codes == null ? COST_COLUMN : COST_INDEX;
        }
    }

    /** Members whose number passes a test. */
    static final class Tested extends AttributeQuery {
        private final ValueTest test;
        private final Frame frame;

        Tested(int attribute, long at, QueryNode exact, ValueTest test, Frame frame) {
            super(attribute, at, exact);
            this.test = test;
            this.frame = frame;
        }

        @Override
        void select(
                AttributeStore store, int words, long[] among, long[] into, QueryScratch scratch) {
            for (int word = 0; word < words; word++) {
                long passed = 0;
                for (long left = among[word]; left != 0; left &= left - 1) {
                    int member = (word << 6) + Long.numberOfTrailingZeros(left);
                    Value value = store.current(member);
                    if (value != null && test.test(value, frame)) {
                        passed |= 1L << member;
                    }
                }
                into[word] = passed;
            }
        }

        @Override
        int cost() {
            return COST_COLUMN * 4;
        }
    }

    /**
     * Members whose place is near another: in bands of latitude of the index first, then in a box,
     * then exactly.
     */
    static final class Near extends AttributeQuery {
        private final ValueTest test;
        private final Frame frame;
        private final Distances.Box box;
        private final int[] bands;

        Near(
                int attribute,
                long at,
                QueryNode exact,
                ValueTest test,
                Frame frame,
                Distances.Box box) {
            super(attribute, at, exact);
            this.test = test;
            this.frame = frame;
            this.box = box;
            this.bands =
                    IntStream.rangeClosed(
                                    AttributeStore.band(box.south()),
                                    AttributeStore.band(box.north()))
                            .toArray();
        }

        @Override
        void select(
                AttributeStore store, int words, long[] among, long[] into, QueryScratch scratch) {
            having(store, bands, words, among, into, scratch);
            NumberColumn latitudes = store.numbers();
            NumberColumn longitudes = store.longitudes();
            for (int word = 0; word < words; word++) {
                long passed = 0;
                for (long left = into[word]; left != 0; left &= left - 1) {
                    int bit = Long.numberOfTrailingZeros(left);
                    int member = (word << 6) + bit;
                    Value.Place place =
                            AttributeStore.place(
                                    latitudes.get(member),
                                    longitudes.get(member),
                                    store.hasPlacesAsBits());
                    if (box.contains(place.latitude(), place.longitude())
                            && test.test(place, frame)) {
                        passed |= 1L << bit;
                    }
                }
                into[word] = passed;
            }
        }

        @Override
        int cost() {
            return bands.length < FEW_BANDS ? COST_INDEX : COST_COLUMN;
        }

        private static final int FEW_BANDS = 16;
    }
}
