package io.clientele.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything conditions may ask about one member: versions of attributes and scores and events, in
 * the order (occurredAt, source, id) whatever the order of arrival, and the recorded changes of
 * segments. Keeps what the model declares and marks segmentable; a property declared segmentable
 * later is seen from the next event on, so the service replays to have it at once.
 *
 * <p>Instants are cut to the millisecond. Not thread-safe; several threads may read while nobody
 * writes. Adding costs a copy of the references behind the place of insertion, so nothing for
 * events that come in order.
 */
public final class MemberHistory {
    /** The source and id of an event. */
    record Reference(String source, String id) {}

    private final String member;
    final TreeMap<String, ArrayList<StoredVersion>> attributes;
    final TreeMap<String, ArrayList<StoredVersion>> scores;
    final ArrayList<StoredEvent> events;
    final Set<Reference> retracted;
    final Transitions transitions;

    /** A member of whom nothing is known. {@code member} is the id that samples are drawn by. */
    public MemberHistory(String member) {
        this(
                member,
                new TreeMap<>(),
                new TreeMap<>(),
                new ArrayList<>(4),
                new HashSet<>(0),
                new Transitions());
    }

    MemberHistory(
            String member,
            TreeMap<String, ArrayList<StoredVersion>> attributes,
            TreeMap<String, ArrayList<StoredVersion>> scores,
            ArrayList<StoredEvent> events,
            Set<Reference> retracted,
            Transitions transitions) {
        this.member = member;
        this.attributes = attributes;
        this.scores = scores;
        this.events = events;
        this.retracted = retracted;
        this.transitions = transitions;
    }

    /** The member's id. */
    public String member() {
        return member;
    }

    /**
     * A sum over the events that are kept, whatever their order: equal sums mean equal sources,
     * ids, types and instants, but for a chance of one in 2^64 or so. Cost: a pass over the events.
     */
    public long eventSum() {
        long sum = 0;
        for (StoredEvent event : events) {
            long hash = event.at();
            for (String part : List.of(event.source(), event.id(), event.type())) {
                for (int i = 0; i < part.length(); i++) {
                    hash = mix(hash ^ part.charAt(i));
                }
                hash = mix(~hash);
            }
            sum += hash;
        }
        return sum;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long value) {
        long mixed = (value + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** How many events are kept. */
    public int eventCount() {
        return events.size();
    }

    /** The latest instant of an event, or empty without events. */
    public Optional<Instant> latestEvent() {
        return events.isEmpty()
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(events.getLast().at()));
    }

    /**
     * Adds an event. One with that source and id that is already here, or was retracted, changes
     * nothing.
     *
     * @param properties as JSON in plain Java: texts, numbers (exact ones if they came as
     *     decimals), booleans, lists, maps, nulls
     * @return whether anything changed
     * @throws IllegalArgumentException if a segmentable property is not of its declared type or its
     *     number does not fit; the history is unchanged
     */
    public boolean addEvent(
            ProgramModel model,
            String source,
            String id,
            String type,
            Instant occurredAt,
            Map<String, ? extends @Nullable Object> properties) {
        long at = occurredAt.toEpochMilli();
        if (retracted.contains(new Reference(source, id)) || holds(source, id)) {
            return false;
        }
        StoredEvent event = stored(model, source, id, type, at, properties);
        int index = events.size();
        while (index > 0) {
            StoredEvent before = events.get(index - 1);
            if (StoredEvent.compare(before.at(), before.source(), before.id(), at, source, id)
                    < 0) {
                break;
            }
            index--;
        }
        events.add(index, event);
        return true;
    }

    /**
     * Adds a version of an attribute. One of the same name, instant, source and id takes the place
     * of the one before: a balance of points is restated when points come out of order. One whose
     * event was retracted, and an attribute that the model does not declare or marks personal
     * change nothing.
     *
     * @param value as JSON in plain Java; null, empty text and an empty list take the value away
     * @return whether anything changed
     * @throws IllegalArgumentException if the value is not of the declared type; the history is
     *     unchanged
     */
    public boolean addAttribute(
            ProgramModel model,
            String name,
            @Nullable Object value,
            Instant at,
            String source,
            String id) {
        ValueType type = model.storedAttributeType(name);
        if (type == null
                || model.isPersonal(name)
                || retracted.contains(new Reference(source, id))) {
            return false;
        }
        return add(attributes, name, Value.of(name, type, value, model.zone()), at, source, id);
    }

    /**
     * Adds a version of a score, as {@link #addAttribute} does of an attribute. One that the model
     * does not declare changes nothing.
     *
     * @param value as JSON in plain Java; null, empty text and an empty list take the value away
     * @param at from when on the score is known
     * @return whether anything changed
     * @throws IllegalArgumentException if the value is not of the declared type; the history is
     *     unchanged
     */
    public boolean addScore(
            ProgramModel model,
            String name,
            @Nullable Object value,
            Instant at,
            String source,
            String id) {
        ValueType type = model.scoreType(name);
        if (type == null || retracted.contains(new Reference(source, id))) {
            return false;
        }
        return add(scores, name, Value.of(name, type, value, model.zone()), at, source, id);
    }

    private static boolean add(
            TreeMap<String, ArrayList<StoredVersion>> into,
            String name,
            @Nullable Value stored,
            Instant at,
            String source,
            String id) {
        ArrayList<StoredVersion> versions =
                into.computeIfAbsent(name, unused -> new ArrayList<>(1));
        long millis = at.toEpochMilli();
        int index = versions.size();
        while (index > 0) {
            StoredVersion before = versions.get(index - 1);
            int order =
                    StoredEvent.compare(
                            before.at(), before.source(), before.id(), millis, source, id);
            if (order == 0) {
                if (Objects.equals(before.value(), stored)) {
                    return false;
                }
                versions.set(index - 1, new StoredVersion(millis, source, id, stored));
                return true;
            }
            if (order < 0) {
                break;
            }
            index--;
        }
        versions.add(index, new StoredVersion(millis, source, id, stored));
        return true;
    }

    /**
     * Records that the member's membership of a segment changed. What was recorded is not checked
     * against the segment's condition: that is the caller's knowledge.
     *
     * @param entered true: entered, false: left
     * @param at the first instant of the new state
     * @return whether anything changed; false if the same was recorded before
     */
    public boolean addTransition(String segmentKey, boolean entered, Instant at) {
        return transitions.add(segmentKey, entered, at.toEpochMilli());
    }

    /**
     * Takes back one recorded change.
     *
     * @return whether anything changed
     */
    public boolean removeTransition(String segmentKey, boolean entered, Instant at) {
        return transitions.remove(segmentKey, entered, at.toEpochMilli());
    }

    /**
     * Takes back every recorded change of a segment from an instant on, that instant included, so
     * that what a correction says can be recorded in their place.
     *
     * @return whether anything changed
     */
    public boolean removeTransitionsFrom(String segmentKey, Instant from) {
        return transitions.removeFrom(segmentKey, from.toEpochMilli());
    }

    /**
     * Takes back an event and the versions of attributes and scores that came with it; if it has
     * not arrived yet, it will have no effect when it does.
     *
     * @return whether anything changed; false if it was taken back before
     */
    public boolean retract(String source, String id) {
        if (!retracted.add(new Reference(source, id))) {
            return false;
        }
        events.removeIf(event -> event.source().equals(source) && event.id().equals(id));
        removeFrom(attributes, source, id);
        removeFrom(scores, source, id);
        return true;
    }

    private static void removeFrom(
            TreeMap<String, ArrayList<StoredVersion>> from, String source, String id) {
        Iterator<ArrayList<StoredVersion>> each = from.values().iterator();
        while (each.hasNext()) {
            ArrayList<StoredVersion> versions = each.next();
            versions.removeIf(
                    version -> version.source().equals(source) && version.id().equals(id));
            if (versions.isEmpty()) {
                each.remove();
            }
        }
    }

    /** The history in a compact form of its own, which begins with the number of its version. */
    public byte[] encode() {
        return new HistoryCodec.Encoder().encode(this);
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @throws IllegalArgumentException if {@code bytes} is something else, or of a version this
     *     build does not know
     */
    public static MemberHistory decode(String member, byte[] bytes) {
        return new HistoryCodec.Decoder(bytes).decode(member);
    }

    /** The version of an attribute in force at an instant, or null. */
    @Nullable StoredVersion version(String attribute, long at) {
        return version(attributes.get(attribute), at);
    }

    /** When the next version of an attribute comes, or {@link Long#MAX_VALUE}. */
    long nextVersion(String attribute, long after) {
        return nextVersion(attributes.get(attribute), after);
    }

    /** The version of a score in force at an instant, or null. */
    @Nullable StoredVersion scoreVersion(String score, long at) {
        return version(scores.get(score), at);
    }

    /** When the next version of a score comes, or {@link Long#MAX_VALUE}. */
    long nextScoreVersion(String score, long after) {
        return nextVersion(scores.get(score), after);
    }

    private static @Nullable StoredVersion version(
            @Nullable List<StoredVersion> versions, long at) {
        if (versions == null) {
            return null;
        }
        for (int i = versions.size() - 1; i >= 0; i--) {
            StoredVersion version = versions.get(i);
            if (version.at() <= at) {
                return version;
            }
        }
        return null;
    }

    private static long nextVersion(@Nullable List<StoredVersion> versions, long after) {
        long next = Long.MAX_VALUE;
        if (versions != null) {
            for (int i = versions.size() - 1; i >= 0 && versions.get(i).at() > after; i--) {
                next = versions.get(i).at();
            }
        }
        return next;
    }

    /** The index of the first event not before {@code millis}. */
    int firstEventFrom(long millis) {
        int low = 0;
        int high = events.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (events.get(middle).at() < millis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean holds(String source, String id) {
        for (int i = events.size() - 1; i >= 0; i--) {
            StoredEvent event = events.get(i);
            if (event.id().equals(id) && event.source().equals(source)) {
                return true;
            }
        }
        return false;
    }

    /** An event as it is kept: what the model does not declare segmentable is left out. */
    static StoredEvent stored(
            ProgramModel model,
            String source,
            String id,
            String type,
            long at,
            Map<String, ? extends @Nullable Object> properties) {
        ProgramModel.EventType declared = model.eventType(type);
        if (declared == null) {
            return new StoredEvent(
                    source, id, type, at, new String[0], new Value[0], StoredEvent.lines(0));
        }
        List<String> names = new ArrayList<>();
        List<Value> values = new ArrayList<>();
        keep(model, declared.properties(), properties, "", names, values);
        StoredEvent.Line[] lines = StoredEvent.lines(0);
        if (!declared.items().isEmpty() && properties.get("items") instanceof Collection<?> items) {
            lines = StoredEvent.lines(items.size());
            int index = 0;
            for (Object item : items) {
                List<String> itemNames = new ArrayList<>();
                List<Value> itemValues = new ArrayList<>();
                if (item instanceof Map<?, ?> line) {
                    keep(
                            model,
                            declared.items(),
                            line,
                            "items/" + index + "/",
                            itemNames,
                            itemValues);
                }
                lines[index++] =
                        new StoredEvent.Line(
                                itemNames.toArray(String[]::new), itemValues.toArray(Value[]::new));
            }
        }
        return new StoredEvent(
                source,
                id,
                type,
                at,
                names.toArray(String[]::new),
                values.toArray(Value[]::new),
                lines);
    }

    private static void keep(
            ProgramModel model,
            Map<String, ProgramModel.Property> declared,
            Map<?, ?> properties,
            String place,
            List<String> names,
            List<Value> values) {
        properties.forEach((key, given) -> {
            String name = String.valueOf(key);
            ProgramModel.Property property = declared.get(name);
            if (property != null && property.segmentable()) {
                Value value = Value.of(place + name, property.type(), given, model.zone());
                if (value != null) {
                    names.add(name);
                    values.add(value);
                }
            }
        });
    }
}
