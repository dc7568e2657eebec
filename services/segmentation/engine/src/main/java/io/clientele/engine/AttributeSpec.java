package io.clientele.engine;

import io.clientele.engine.internal.column.Dictionary;

/** What all blocks of a shard share of an attribute. */
final class AttributeSpec {
    /** How values are kept. */
    enum Kind {
        /** A code of the dictionary. */
        CODES,
        /** A number. */
        NUMBERS,
        /** Two numbers. */
        PLACE,
        /** Codes of elements. */
        SET;

        static Kind of(ValueType type) {
            return switch (type) {
                case STRING, BOOLEAN -> CODES;
                case NUMBER, INTEGER, DATE, TIMESTAMP -> NUMBERS;
                case PLACE -> PLACE;
                case STRINGS -> SET;
            };
        }
    }

    final String name;
    final ValueType type;
    final Kind kind;

    /** Whether it is a score, which has a name of its own. */
    final boolean isScore;

    /** Values; of a set, its elements. */
    final Dictionary<Value> values = new Dictionary<>();

    /** Whole sets, as versions hold them. */
    final Dictionary<Value> sets = new Dictionary<>();

    AttributeSpec(String name, ValueType type, boolean isScore) {
        this.name = name;
        this.isScore = isScore;
        this.type = type;
        this.kind = Kind.of(type);
    }

    /** What a score is found by among attributes. */
    static String scoreKey(String score) {
        return "score " + score;
    }

    /** What it is found by. */
    String key() {
        return isScore ? scoreKey(name) : name;
    }

    /** A time or number as it is kept. */
    static long number(Value value) {
        return switch (value) {
            case Value.Num(long scaled) -> scaled;
            case Value.Day(long day) -> day;
            case Value.Moment(long millis) -> millis;
            case Value.Text ignored -> throw new AssertionError(value);
            case Value.Flag ignored -> throw new AssertionError(value);
            case Value.Place ignored -> throw new AssertionError(value);
            case Value.Texts ignored -> throw new AssertionError(value);
        };
    }

    /** What {@link #number} was made of. */
    static Value value(ValueType type, long number) {
        return switch (type) {
            case NUMBER, INTEGER -> new Value.Num(number);
            case DATE -> new Value.Day(number);
            case TIMESTAMP -> new Value.Moment(number);
            case STRING, BOOLEAN, PLACE, STRINGS -> throw new AssertionError(type);
        };
    }
}
