package io.clientele.engine;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;

/** The JSON form of conditions, and the text form. Thread-safe. */
public final class Conditions {
    private Conditions() {}

    /**
     * Reads a condition, checking every name, type and bound against the program. Numbers are exact
     * if the parser kept them as decimals ({@code USE_BIG_DECIMAL_FOR_FLOATS}).
     *
     * <p>Limits: 20 levels, 1,000 parts, 1,000 values in a list, 1,000 characters in a text; with
     * the segments referred to, 100 levels and 10,000 leaves.
     *
     * @throws InvalidConditionException with every problem found
     */
    public static Condition read(JsonNode json, ProgramModel model) {
        return new ConditionReader(model, Optional.empty(), true).readAll(json);
    }

    /**
     * Reads the condition that the segment {@code key} is to have: like {@link #read(JsonNode,
     * ProgramModel)}, and refuses a reference that leads back to {@code key}.
     *
     * @throws InvalidConditionException with every problem found
     */
    public static Condition read(JsonNode json, ProgramModel model, String key) {
        return new ConditionReader(model, Optional.of(key), true).readAll(json);
    }

    /**
     * Reads a condition that was read and written before, perhaps with references replaced by what
     * they refer to: like {@link #read(JsonNode, ProgramModel)} without limits of size.
     *
     * @throws InvalidConditionException if the program no longer allows what the condition says
     */
    public static Condition readStored(JsonNode json, ProgramModel model) {
        return new ConditionReader(model, Optional.empty(), false).readAll(json);
    }

    /** The one form of a condition: two JSON documents that read the same are written the same. */
    public static JsonNode write(Condition condition) {
        return ConditionWriter.write(condition);
    }

    /**
     * Reads the text form of a condition, such as {@code country = "TH" and has(purchase in last 30
     * days)}: like {@link #read(JsonNode, ProgramModel)}, with the same limits. The problems say at
     * which column, and the pointers lead into the JSON form of what was read.
     *
     * @throws InvalidConditionException with the first place at which the text cannot be read, or
     *     every problem with what it says
     */
    public static Condition parse(String text, ProgramModel model) {
        return TextReader.read(text, model, new ConditionReader(model, Optional.empty(), true));
    }

    /**
     * The one text form of a condition, on one line: {@link #parse} of it gives an equal condition,
     * within its limits.
     */
    public static String print(Condition condition) {
        return TextWriter.write(condition);
    }

    /** Adds the keys of the segments that a condition names itself. */
    static void references(Condition condition, Set<String> into) {
        switch (condition) {
            case Condition.All all -> all.parts().forEach(part -> references(part, into));
            case Condition.Any any -> any.parts().forEach(part -> references(part, into));
            case Condition.AtLeast some -> some.parts().forEach(part -> references(part, into));
            case Condition.Not not -> references(not.part(), into);
            case Condition.Segment segment -> into.add(segment.key());
            case Condition.Transition transition -> into.add(transition.segment());
            case Condition.Attribute ignored -> {}
            case Condition.Score ignored -> {}
            case Condition.Event ignored -> {}
            case Condition.Sample ignored -> {}
            case Condition.Trend ignored -> {}
            case Condition.Sequence ignored -> {}
        }
    }
}
