package io.clientele.engine;

import io.clientele.engine.internal.column.EventChunk;
import io.clientele.engine.internal.column.EventLog;
import io.clientele.engine.internal.column.NumberColumn;
import io.clientele.engine.internal.column.Positions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between rows of a log and the properties they hold. */
final class LogRows {
    private LogRows() {}

    /** The properties of a row that are set. */
    static StoredEvent.Line cells(LogSpec spec, EventChunk chunk, int row) {
        List<String> names = new ArrayList<>(spec.names.length);
        List<Value> values = new ArrayList<>(spec.names.length);
        for (int property = 0; property < spec.names.length; property++) {
            Value value = cell(spec, chunk, row, property);
            if (value != null) {
                names.add(spec.names[property]);
                values.add(value);
            }
        }
        return new StoredEvent.Line(names.toArray(String[]::new), values.toArray(Value[]::new));
    }

    private static @Nullable Value cell(LogSpec spec, EventChunk chunk, int row, int property) {
        long key = chunk.column(property).key(row);
        if (spec.isNumeric(property)) {
            return key == NumberColumn.UNSET
                    ? null
                    : AttributeSpec.value(spec.types[property], key);
        }
        return key == 0 ? null : spec.dictionary(property).value((int) key);
    }

    /** Adds a row. */
    static void add(
            EventLog log, LogSpec spec, int member, long at, @Nullable Value[] cells, long epoch) {
        log.insert(member, at, epoch);
        for (int property = 0; property < cells.length; property++) {
            Value value = cells[property];
            if (value != null) {
                if (spec.isNumeric(property)) {
                    log.set(property, AttributeSpec.number(value));
                } else {
                    log.set(property, spec.dictionary(property).code(value));
                }
            }
        }
    }

    /** Where a member's row of an instant with these cells is: chunk and row, or null. */
    static int @Nullable [] find(
            EventLog log, LogSpec spec, int member, long at, @Nullable Value[] cells) {
        long[] keys = new long[cells.length];
        for (int property = 0; property < cells.length; property++) {
            Value value = cells[property];
            boolean numeric = spec.isNumeric(property);
            if (value == null) {
                keys[property] = numeric ? NumberColumn.UNSET : 0;
            } else {
                keys[property] =
                        numeric
                                ? AttributeSpec.number(value)
                                : spec.dictionary(property).find(value);
                if (!numeric && keys[property] == 0) {
                    return null;
                }
            }
        }
        Positions positions = new Positions();
        for (int i = log.chunkCount() - 1; i >= 0; i--) {
            EventChunk chunk = log.chunk(i);
            if (chunk.at(0) > at || chunk.at(chunk.size() - 1) < at) {
                continue;
            }
            positions.clear();
            chunk.positionsOf(member, positions);
            for (int j = 0; j < positions.count(); j++) {
                int row = positions.get(j);
                if (chunk.at(row) == at && matches(chunk, row, keys)) {
                    return new int[] {i, row};
                }
            }
        }
        return null;
    }

    private static boolean matches(EventChunk chunk, int row, long[] keys) {
        for (int property = 0; property < keys.length; property++) {
            if (chunk.column(property).key(row) != keys[property]) {
                return false;
            }
        }
        return true;
    }

    /** The cells of an event, or of one of its lines, in the order of the log's properties. */
    static @Nullable Value[] cells(LogSpec spec, StoredEvent event, int line) {
        @Nullable Value[] cells = new @Nullable Value[spec.names.length];
        for (int property = 0; property < cells.length; property++) {
            cells[property] = event.value(line, spec.names[property]);
        }
        return cells;
    }
}
