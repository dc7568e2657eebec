package io.clientele.engine;

import io.clientele.engine.internal.column.CodeColumn;
import io.clientele.engine.internal.column.Column;
import io.clientele.engine.internal.column.Dictionary;
import io.clientele.engine.internal.column.NumberColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What all blocks of a shard share of the events of a type, or of their line items, or of the
 * recorded changes of a segment.
 */
final class LogSpec {
    final String type;
    final boolean items;

    /** Whose changes these are; null: events. */
    final @Nullable String segment;

    /** Of changes: entered, not left. */
    final boolean entered;

    final String[] names;
    final ValueType[] types;
    private final boolean[] numeric;

    /** By property; unused for numbers and times. */
    private final List<Dictionary<Value>> dictionaries = new ArrayList<>();

    /** Codes of texts as they were written, so that the usual text is folded once. */
    private final List<Map<String, Integer>> spellings = new ArrayList<>();

    LogSpec(String type, boolean items, Map<String, ProgramModel.Property> properties) {
        this.type = type;
        this.items = items;
        this.segment = null;
        this.entered = false;
        Map<String, ValueType> kept = new TreeMap<>();
        properties.forEach((name, property) -> {
            if (property.segmentable()) {
                kept.put(name, property.type());
            }
        });
        this.names = kept.keySet().toArray(String[]::new);
        this.types = kept.values().toArray(ValueType[]::new);
        this.numeric = new boolean[names.length];
        for (int i = 0; i < names.length; i++) {
            numeric[i] = AttributeSpec.Kind.of(types[i]) == AttributeSpec.Kind.NUMBERS;
            dictionaries.add(new Dictionary<>());
            spellings.add(new HashMap<>());
        }
    }

    /** Of the recorded changes of a segment. */
    LogSpec(String segment, boolean entered) {
        this.type = "";
        this.items = false;
        this.segment = segment;
        this.entered = entered;
        this.names = new String[0];
        this.types = new ValueType[0];
        this.numeric = new boolean[0];
    }

    /** The index of a property, or -1 if it is not kept. */
    int property(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return i;
            }
        }
        return -1;
    }

    boolean isNumeric(int property) {
        return numeric[property];
    }

    Dictionary<Value> dictionary(int property) {
        return dictionaries.get(property);
    }

    /** The code of a text, a new one if it had none. */
    int code(int property, String text) {
        Integer known = spellings.get(property).get(text);
        if (known != null) {
            return known;
        }
        int code = dictionary(property).code(new Value.Text(text));
        spellings.get(property).put(text, code);
        return code;
    }

    /** Memory of dictionaries, in bytes. */
    long retainedBytes() {
        long bytes = 0;
        for (Dictionary<Value> dictionary : dictionaries) {
            bytes += dictionary.retainedBytes();
        }
        for (Map<String, Integer> spelling : spellings) {
            // An entry with its boxed code and its share of the table.
            bytes += 64L * spelling.size();
        }
        return bytes;
    }

    Column[] columns() {
        Column[] columns = new Column[names.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = isNumeric(i) ? new NumberColumn() : new CodeColumn();
        }
        return columns;
    }
}
