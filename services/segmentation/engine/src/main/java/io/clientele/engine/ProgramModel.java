package io.clientele.engine;

import java.time.DayOfWeek;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a program's conditions may speak of: its zone, attributes, event types, segments, scores and
 * stores. Immutable and thread-safe; a changed program is another model.
 *
 * <p>Attributes every program has without declaring them: {@code loyalty.tier}, {@code
 * membershipType}, {@code enrollment.channel}, {@code preference.channel}, {@code timeZone} (text),
 * {@code loyalty.points} (number), {@code consent.<purpose>.<channel>} and {@code
 * reachable.<channel>} and {@code override.<segment>} (boolean), and {@code age} where {@code
 * birthDate} is declared as a date. Their values come in like those of any attribute, under these
 * names; only {@code age} is derived. Event types derived where their sources are declared: {@code
 * purchase.item}, {@code return.item}, {@code spend}, {@code spend.item}.
 */
public final class ProgramModel {
    /**
     * The attribute with a member's time zone, such as {@code Asia/Bangkok}, for {@code
     * "zone":"member"}.
     */
    public static final String MEMBER_ZONE = "timeZone";

    static final String AGE = "age";
    static final String BIRTH_DATE = "birthDate";

    private static final Map<String, ValueType> BUILT_IN =
            Map.of(
                    "loyalty.tier",
                    ValueType.STRING,
                    "loyalty.points",
                    ValueType.NUMBER,
                    "membershipType",
                    ValueType.STRING,
                    "enrollment.channel",
                    ValueType.STRING,
                    "preference.channel",
                    ValueType.STRING,
                    MEMBER_ZONE,
                    ValueType.STRING);

    /** What a line of an order takes over from its order. */
    private static final Set<String> FROM_ORDER = Set.of("store", "channel");

    /**
     * A property of an event, or of its line items.
     *
     * @param segmentable whether conditions may use it; others are not kept
     */
    public record Property(ValueType type, boolean segmentable) {}

    /**
     * A type of event.
     *
     * @param properties by name, without {@code items}
     * @param items properties of each element of {@code items}; empty for a type without line items
     */
    public record EventType(Map<String, Property> properties, Map<String, Property> items) {
        /** Copies. */
        public EventType {
            properties = Map.copyOf(properties);
            items = Map.copyOf(items);
        }

        /**
         * Reads what conditions need from a JSON Schema of an event's properties: the properties of
         * a type that the language knows, {@code "segmentable":true} or not, and those of the
         * objects in {@code items}. Nested objects other than places are left out.
         *
         * @param schema the schema as plain maps, lists, texts, numbers and booleans
         */
        public static EventType ofSchema(Map<String, ?> schema) {
            return SchemaReader.eventType(schema);
        }
    }

    /** Events of one declared type as they count for a type in a condition. */
    record Source(String type, boolean items, boolean negated) {}

    /** A type as conditions see it. */
    record Operand(List<Source> sources, Map<String, Property> properties) {}

    private final ZoneId zone;
    private final DayOfWeek weekStart;
    private final Map<String, ValueType> attributes;
    private final Set<String> personal;
    private final Map<String, EventType> eventTypes;
    private final Map<String, Operand> operands;
    private final Map<String, ValueType> scores;
    private final Map<String, Value.Place> stores;
    private final boolean transitionsRecorded;
    private final Map<String, Condition> segments;

    private ProgramModel(Builder builder) {
        zone = builder.zone;
        weekStart = builder.weekStart;
        attributes = Map.copyOf(builder.attributes);
        personal = Set.copyOf(builder.personal);
        eventTypes = Map.copyOf(builder.eventTypes);
        operands = operands(builder.eventTypes);
        scores = Map.copyOf(builder.scores);
        stores = Map.copyOf(builder.stores);
        transitionsRecorded = builder.transitionsRecorded;
        segments = Map.copyOf(builder.segments);
        refuseCircles();
    }

    private ProgramModel(ProgramModel other, Map<String, Condition> segments) {
        zone = other.zone;
        weekStart = other.weekStart;
        attributes = other.attributes;
        personal = other.personal;
        eventTypes = other.eventTypes;
        operands = other.operands;
        scores = other.scores;
        stores = other.stores;
        transitionsRecorded = other.transitionsRecorded;
        this.segments = Map.copyOf(segments);
        refuseCircles();
    }

    private void refuseCircles() {
        for (String key : segments.keySet()) {
            List<String> cycle = cycle(key, Set.of(key));
            if (!cycle.isEmpty()) {
                throw new IllegalArgumentException(
                        "segments refer to each other in a circle: " + String.join(" > ", cycle));
            }
        }
    }

    /** Starts a model of a program in that zone, with weeks from Monday and nothing declared. */
    public static Builder builder(ZoneId zone) {
        return new Builder(zone);
    }

    /**
     * The same program with other segments. Cost: one pass over the segments.
     *
     * @throws IllegalArgumentException if segments refer to each other in a circle
     */
    public ProgramModel withSegments(Map<String, Condition> others) {
        return new ProgramModel(this, others);
    }

    /** The program's time zone. */
    public ZoneId zone() {
        return zone;
    }

    /** The day a week begins with. */
    public DayOfWeek weekStart() {
        return weekStart;
    }

    /** Conditions by segment key. */
    public Map<String, Condition> segments() {
        return segments;
    }

    boolean hasDerivedAge() {
        return attributes.get(BIRTH_DATE) == ValueType.DATE;
    }

    boolean isPersonal(String attribute) {
        return personal.contains(attribute);
    }

    /** The type of an attribute as conditions see it, or null if there is none. */
    @Nullable ValueType attributeType(String name) {
        return name.equals(AGE) && hasDerivedAge() ? ValueType.INTEGER : storedAttributeType(name);
    }

    /** The type of an attribute as it is kept, or null if it is not. */
    @Nullable ValueType storedAttributeType(String name) {
        ValueType declared = attributes.get(name);
        if (declared != null) {
            return declared;
        }
        ValueType builtIn = BUILT_IN.get(name);
        if (builtIn != null) {
            return builtIn;
        }
        int dots = (int) name.chars().filter(character -> character == '.').count();
        boolean family =
                (dots == 2 && name.startsWith("consent."))
                        || (dots == 1 && name.startsWith("reachable."))
                        || (dots == 1 && name.startsWith("override."));
        return family && !name.endsWith(".") && !name.contains("..") ? ValueType.BOOLEAN : null;
    }

    /**
     * The attributes that conditions may name, with their types: declared ones and built-in ones,
     * and the age where birth dates are declared. Families of attributes, such as consents, are not
     * in it.
     */
    public Map<String, ValueType> attributeTypes() {
        Map<String, ValueType> types = new TreeMap<>();
        for (String name : attributeNames()) {
            ValueType type = attributeType(name);
            if (type != null && !isPersonal(name)) {
                types.put(name, type);
            }
        }
        return types;
    }

    Set<String> attributeNames() {
        Set<String> names = new TreeSet<>(attributes.keySet());
        names.addAll(BUILT_IN.keySet());
        if (hasDerivedAge()) {
            names.add(AGE);
        }
        return names;
    }

    Map<String, EventType> eventTypes() {
        return eventTypes;
    }

    @Nullable EventType eventType(String name) {
        return eventTypes.get(name);
    }

    @Nullable Operand operand(String type) {
        return operands.get(type);
    }

    Set<String> operandNames() {
        return new TreeSet<>(operands.keySet());
    }

    /** The type of a score, or null if there is none of that name. */
    @Nullable ValueType scoreType(String name) {
        return scores.get(name);
    }

    Set<String> scoreNames() {
        return new TreeSet<>(scores.keySet());
    }

    /** Where a store is, or null if there is none of that key. */
    Value.@Nullable Place store(String key) {
        return stores.get(key);
    }

    Set<String> storeKeys() {
        return new TreeSet<>(stores.keySet());
    }

    boolean areTransitionsRecorded() {
        return transitionsRecorded;
    }

    /** A way from {@code key} back to one of {@code targets}, or empty if there is none. */
    List<String> cycle(String key, Set<String> targets) {
        Condition condition = segments.get(key);
        return condition == null ? List.of() : cycle(condition, key, targets);
    }

    List<String> cycle(Condition from, String name, Set<String> targets) {
        Map<String, String> reachedFrom = new HashMap<>();
        ArrayDeque<String> open = new ArrayDeque<>();
        Set<String> first = new HashSet<>();
        Conditions.references(from, first);
        for (String reference : first) {
            reachedFrom.put(reference, name);
            open.add(reference);
        }
        while (!open.isEmpty()) {
            String current = open.remove();
            if (targets.contains(current)) {
                List<String> way = new ArrayList<>(List.of(current));
                String step = reachedFrom.get(current);
                while (step != null && !step.equals(name)) {
                    way.addFirst(step);
                    step = reachedFrom.get(step);
                }
                way.addFirst(name);
                return way;
            }
            Condition condition = segments.get(current);
            if (condition != null) {
                Set<String> next = new HashSet<>();
                Conditions.references(condition, next);
                for (String reference : next) {
                    if (reachedFrom.putIfAbsent(reference, current) == null) {
                        open.add(reference);
                    }
                }
            }
        }
        return List.of();
    }

    private static Map<String, Operand> operands(Map<String, EventType> types) {
        Map<String, Operand> operands = new HashMap<>();
        types.forEach((name, type) ->
                operands.put(
                        name,
                        new Operand(List.of(new Source(name, false, false)), type.properties())));
        derive(operands, "purchase.item", types, List.of(new Source("purchase", true, false)));
        derive(operands, "return.item", types, List.of(new Source("return", true, false)));
        derive(
                operands,
                "spend",
                types,
                List.of(new Source("purchase", false, false), new Source("return", false, true)));
        derive(
                operands,
                "spend.item",
                types,
                List.of(new Source("purchase", true, false), new Source("return", true, true)));
        return Map.copyOf(operands);
    }

    private static void derive(
            Map<String, Operand> operands,
            String name,
            Map<String, EventType> types,
            List<Source> wanted) {
        List<Source> sources = new ArrayList<>();
        Map<String, Property> properties = new HashMap<>();
        for (Source source : wanted) {
            EventType type = types.get(source.type());
            if (type != null && !(source.items() && type.items().isEmpty())) {
                sources.add(source);
                // Where two sources disagree, what the first says holds.
                (source.items() ? lineProperties(type) : type.properties())
                        .forEach(properties::putIfAbsent);
            }
        }
        if (!sources.isEmpty()) {
            operands.putIfAbsent(name, new Operand(List.copyOf(sources), Map.copyOf(properties)));
        }
    }

    /** The properties that conditions on line items see. */
    static Map<String, Property> lineProperties(EventType order) {
        Map<String, Property> properties = new HashMap<>(order.items());
        for (String name : FROM_ORDER) {
            Property property = order.properties().get(name);
            if (property != null) {
                properties.putIfAbsent(name, property);
            }
        }
        return properties;
    }

    static boolean isFromOrder(String property) {
        return FROM_ORDER.contains(property);
    }

    /** Collects a {@link ProgramModel}. Not thread-safe. */
    public static final class Builder {
        private final ZoneId zone;
        private DayOfWeek weekStart = DayOfWeek.MONDAY;
        private final Map<String, ValueType> attributes = new HashMap<>();
        private final Set<String> personal = new HashSet<>();
        private final Map<String, EventType> eventTypes = new HashMap<>();
        private final Map<String, ValueType> scores = new HashMap<>();
        private final Map<String, Value.Place> stores = new HashMap<>();
        private boolean transitionsRecorded;
        private final Map<String, Condition> segments = new LinkedHashMap<>();

        private Builder(ZoneId zone) {
            this.zone = zone.normalized();
        }

        /** Sets the day a week begins with; Monday if never called. */
        public Builder weekStart(DayOfWeek day) {
            weekStart = day;
            return this;
        }

        /** Declares an attribute that conditions may use. */
        public Builder attribute(String name, ValueType type) {
            attributes.put(name, type);
            return this;
        }

        /**
         * Names an attribute that is personal: a condition on it is refused with that reason, and
         * values are not kept.
         */
        public Builder personalAttribute(String name) {
            personal.add(name);
            return this;
        }

        /** Declares an event type. */
        public Builder eventType(String name, EventType type) {
            eventTypes.put(name, type);
            return this;
        }

        /**
         * Declares a score, the output of a model, that conditions may use. Scores have names of
         * their own: one may be called as an attribute is.
         *
         * @throws IllegalArgumentException if {@code type} is a place
         */
        public Builder score(String name, ValueType type) {
            if (type == ValueType.PLACE) {
                throw new IllegalArgumentException("score " + name + " cannot be a place");
            }
            scores.put(name, type);
            return this;
        }

        /**
         * Declares a store that distances may be measured from.
         *
         * @param latitude degrees north, -90 to 90
         * @param longitude degrees east, -180 to 180
         * @throws IllegalArgumentException if it lies nowhere
         */
        public Builder store(String key, double latitude, double longitude) {
            if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) {
                throw new IllegalArgumentException(
                        "store "
                                + key
                                + " must lie within 90 and 180 degrees, was at "
                                + latitude
                                + ", "
                                + longitude);
            }
            stores.put(key, new Value.Place(latitude, longitude));
            return this;
        }

        /**
         * Says that the histories hold the recorded changes of segments ({@link
         * MemberHistory#addTransition}), so that conditions may ask for them. Otherwise {@code
         * entered} and {@code left} are refused, as they would be false of everyone.
         */
        public Builder recordedTransitions() {
            transitionsRecorded = true;
            return this;
        }

        /** Adds a segment that conditions may refer to. */
        public Builder segment(String key, Condition condition) {
            segments.put(key, condition);
            return this;
        }

        /**
         * Builds.
         *
         * @throws IllegalArgumentException if segments refer to each other in a circle
         */
        public ProgramModel build() {
            return new ProgramModel(this);
        }
    }
}
