package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON tree under construction that knows of each of its places where in a text it was written.
 * For one thread.
 */
final class Placed {
    private final int offset;

    /** Null while this is an object or list. */
    private final @Nullable JsonNode value;

    private final boolean list;
    private final Map<String, Placed> children = new LinkedHashMap<>();

    private Placed(int offset, @Nullable JsonNode value, boolean list) {
        this.offset = offset;
        this.value = value;
        this.list = list;
    }

    static Placed object(int offset) {
        return new Placed(offset, null, false);
    }

    static Placed list(int offset) {
        return new Placed(offset, null, true);
    }

    static Placed value(int offset, JsonNode value) {
        return new Placed(offset, value, false);
    }

    static Placed text(int offset, String text) {
        return value(offset, JsonNodeFactory.instance.textNode(text));
    }

    static Placed flag(int offset, boolean value) {
        return value(offset, JsonNodeFactory.instance.booleanNode(value));
    }

    /** Puts a child under a key that is not taken yet, and returns this object. */
    Placed put(String key, Placed child) {
        Placed before = children.put(key, child);
        assert before == null : key;
        return this;
    }

    /** Adds a child to this list. */
    void add(Placed child) {
        children.put(Integer.toString(children.size()), child);
    }

    int offset() {
        return offset;
    }

    JsonNode json() {
        if (value != null) {
            return value;
        }
        if (list) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            children.values().forEach(child -> array.add(child.json()));
            return array;
        }
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        children.forEach((key, child) -> object.set(key, child.json()));
        return object;
    }

    /** Where the place of a JSON Pointer, or the last one on the way to it that is here, stands. */
    int offset(String pointer) {
        Placed place = this;
        if (!pointer.isEmpty()) {
            for (String key : pointer.substring(1).split("/", -1)) {
                Placed child = place.children.get(key.replace("~1", "/").replace("~0", "~"));
                if (child == null) {
                    break;
                }
                place = child;
            }
        }
        return place.offset;
    }
}
