package io.clientele.engine;

import org.jspecify.annotations.Nullable;

/**
 * An event as a history keeps it. Immutable by convention: nobody writes to the arrays.
 *
 * @param names property names; {@code values} holds their values
 * @param lines line items, in order
 */
record StoredEvent(
        String source,
        String id,
        String type,
        long at,
        String[] names,
        Value[] values,
        Line[] lines) {
    /** One line item. */
    record Line(String[] names, Value[] values) {}

    private static final Line[] NO_LINES = {};

    static Line[] lines(int count) {
        return count == 0 ? NO_LINES : new Line[count];
    }

    static @Nullable Value value(String[] names, Value[] values, String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        return null;
    }

    /** A property of the event itself ({@code line} below 0) or of one of its lines. */
    @Nullable Value value(int line, String name) {
        if (line < 0) {
            return value(names, values, name);
        }
        Line item = lines[line];
        Value own = value(item.names, item.values, name);
        return own == null && ProgramModel.isFromOrder(name) ? value(names, values, name) : own;
    }

    /** Order of evaluation: (occurredAt, source, id). */
    static int compare(
            long at, String source, String id, long otherAt, String otherSource, String otherId) {
        int order = Long.compare(at, otherAt);
        if (order == 0) {
            order = source.compareTo(otherSource);
        }
        return order == 0 ? id.compareTo(otherId) : order;
    }
}
