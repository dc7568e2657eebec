package io.clientele.segmentation.shard;

import com.fasterxml.jackson.databind.JsonNode;
import io.clientele.common.json.Json;
import io.clientele.common.kafka.Backoff;
import io.clientele.contracts.AttributeChange;
import io.clientele.contracts.DeadLetter;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.MemberSegments;
import io.clientele.contracts.MembershipCause;
import io.clientele.contracts.MembershipChange;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.SegmentDefinition;
import io.clientele.contracts.SegmentKey;
import io.clientele.contracts.SegmentMembershipRecord;
import io.clientele.contracts.SegmentOverride;
import io.clientele.contracts.Topics;
import io.clientele.engine.Conditions;
import io.clientele.engine.InvalidConditionException;
import io.clientele.engine.MemberHistory;
import io.clientele.segmentation.program.OverrideConditions;
import io.clientele.segmentation.program.Programs;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The members of one partition: takes their records and the segments' definitions in the order of
 * the partition, tells time, and publishes each change of a membership once. Everything it knows is
 * in its stores; a shard made from the same stores goes on where this one ended. Single-threaded.
 *
 * <p>Invariant between two calls: a member's standings are true of every instant from the clock up
 * to, but not including, its due instant.
 */
final class Shard {
    private static final Logger LOG = Logger.getLogger(Shard.class);

    /** Members whose due changes are made in one go, so that events in between are not delayed. */
    static final int SLICE = 256;

    private static final Bytes CLOCK = Bytes.wrap("clock".getBytes(StandardCharsets.UTF_8));

    /** A clock that moved less than this with nothing published is not written down. */
    private static final long CLOCK_GRAIN_MILLIS = 500;

    /** How long a record waits for the registry to name its program or what a condition says. */
    private static final int REGISTRY_ATTEMPTS = 12;

    /** The stores of a partition. */
    record Stores(
            KeyValueStore<Bytes, byte[]> histories,
            KeyValueStore<Bytes, byte[]> members,
            KeyValueStore<Bytes, byte[]> timers,
            KeyValueStore<Bytes, byte[]> definitions,
            KeyValueStore<Bytes, byte[]> clock) {}

    /** Where a record stood. */
    record Place(String topic, int partition, long offset) {}

    /** A member under the hand, between loading and {@link #save}. */
    private final class Work {
        private final Bytes key;
        private final MemberId member;
        private final byte @Nullable [] stored;
        private final MemberState state;
        private final long dueBefore;
        private ProgramPlan plan;
        private long born;
        private MemberHistory history;
        private boolean historyChanged;

        // How: taken anew as a whole, or one event more and other values.
        private boolean rewritten;
        private MemberRecord.@Nullable EventApplied added;
        private boolean valuesChanged;
        private boolean standingChanged;

        private Work(Bytes key, MemberId member, ProgramPlan plan) {
            this.key = key;
            this.member = member;
            this.plan = plan;
            this.stored = stores.members.get(key);
            this.state = stored == null ? new MemberState() : MemberState.decode(stored);
            this.dueBefore = state.due();
            byte[] storedHistory = stores.histories.get(key);
            if (storedHistory == null) {
                this.born = MemberState.NEVER;
                this.history = new MemberHistory(member.value());
            } else {
                var stored = StoredHistory.decode(member.value(), storedHistory);
                this.born = stored.born();
                this.history = stored.history();
            }
        }

        private boolean isNew() {
            return born == MemberState.NEVER;
        }
    }

    private final Stores stores;
    private final Programs programs;
    private final Consumer<ProgramId> topics;
    private final Clock wall;
    private final Outlet outlet;
    private final ShardView view;
    private final ShardClock clock = new ShardClock();
    private final Timers timers;
    private final Map<ProgramId, Map<SegmentKey, DefinitionDocument>> entries = new HashMap<>();
    private final Map<ProgramId, ProgramPlan> plans = new HashMap<>();
    private final Map<ProgramId, MemberColumns> columns = new HashMap<>();
    private long writtenClock;
    private boolean published;

    /**
     * @param topics makes sure that a program's topics exist
     * @param view shows readers what this does
     */
    Shard(
            Stores stores,
            Programs programs,
            Consumer<ProgramId> topics,
            Clock wall,
            Outlet outlet,
            ShardView view) {
        this.stores = stores;
        this.programs = programs;
        this.topics = topics;
        this.wall = wall;
        this.outlet = outlet;
        this.view = view;
        this.timers = new Timers(stores.timers);
        byte[] stored = stores.clock.get(CLOCK);
        if (stored != null) {
            clock.restore(stored);
            writtenClock = clock.now();
        }
        try (var all = stores.definitions.all()) {
            while (all.hasNext()) {
                var entry = Json.read(all.next().value, DefinitionDocument.class);
                entriesOf(entry.program()).put(entry.segment(), entry);
            }
        }
        for (var program : entries.keySet()) {
            count(plan(program));
        }
        programsWithMembers().forEach(program -> columns(plan(program)));
        view.time(clock.now(), timers.next());
    }

    private List<ProgramId> programsWithMembers() {
        var found = new ArrayList<ProgramId>();
        @Nullable Bytes from = null;
        while (true) {
            try (var rest = stores.histories.range(from, null)) {
                if (!rest.hasNext()) {
                    return found;
                }
                var program = program(rest.next().key);
                found.add(program);
                // The character after ":" ends the program's keys.
                from = Bytes.wrap((program + ";").getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    /** A program's members as columns; read from the store where there are none of its model. */
    private MemberColumns columns(ProgramPlan plan) {
        var known = columns.get(plan.program());
        if (known != null && known.modelVersion() == plan.modelVersion()) {
            return known;
        }
        var made = new MemberColumns(plan.model().withSegments(Map.of()), plan.modelVersion());
        try (var members =
                stores.histories.prefixScan(plan.program() + ":", new StringSerializer())) {
            while (members.hasNext()) {
                var next = members.next();
                made.put(StoredHistory.decode(member(next.key).value(), next.value), clock.now());
            }
        }
        columns.put(plan.program(), made);
        view.columns(columns);
        return made;
    }

    private static ProgramId program(Bytes key) {
        var text = new String(key.get(), StandardCharsets.UTF_8);
        return new ProgramId(text.substring(0, text.indexOf(':')));
    }

    private static MemberId member(Bytes key) {
        var text = new String(key.get(), StandardCharsets.UTF_8);
        return new MemberId(text.substring(text.indexOf(':') + 1));
    }

    /** When {@link #tick} has something to do, by the shard's clock. */
    long nextDue() {
        return timers.next();
    }

    /** The shard's clock. */
    long now() {
        return clock.now();
    }

    /** Whether the clock runs with the wall. */
    boolean isFresh() {
        return clock.isFresh(wall.millis());
    }

    /** Lets time pass; makes one slice of the changes that are due. */
    void tick() {
        clock.advance(wall.millis());
        var due = timers.due(clock.now(), SLICE);
        for (var key : due) {
            var work = load(key);
            settle(work, clock.now());
            save(work);
        }
        if (timers.next() <= clock.now()) {
            timers.seek();
        }
        if (published || clock.now() - writtenClock >= CLOCK_GRAIN_MILLIS) {
            stores.clock.put(CLOCK, clock.encode());
            writtenClock = clock.now();
            published = false;
        }
        view.time(clock.now(), timers.next());
    }

    /** Takes one record of {@code member-events}; the caller lets time pass after it. */
    void take(MemberRecord record, byte[] value, Place place) {
        switch (record) {
            case MemberRecord.Watermark watermark ->
                    clock.watermark(watermark.receivedThrough().toEpochMilli(), wall.millis());
            case MemberRecord.EventApplied event -> {
                attempt(
                        event.program(),
                        event.member(),
                        event.reference(),
                        value,
                        place,
                        work -> take(work, event));
                clock.hear(event.receivedAt().toEpochMilli(), wall.millis());
            }
            case MemberRecord.Changed changed -> {
                attempt(
                        changed.program(),
                        changed.member(),
                        null,
                        value,
                        place,
                        work -> take(work, changed));
                clock.hear(changed.receivedAt().toEpochMilli(), wall.millis());
            }
        }
    }

    /** Sets a record aside. */
    void refuse(
            @Nullable ProgramId program,
            @Nullable EventReference event,
            String reason,
            RuntimeException why,
            byte[] value,
            Place place) {
        outlet.refused(
                new DeadLetter(
                        program,
                        "segmentation",
                        reason,
                        String.valueOf(why.getMessage()),
                        place.topic(),
                        place.partition(),
                        place.offset(),
                        wall.instant().truncatedTo(ChronoUnit.MILLIS),
                        event == null ? null : event.source(),
                        event == null ? null : event.id(),
                        new String(value, StandardCharsets.UTF_8)));
    }

    private void attempt(
            ProgramId program,
            MemberId member,
            @Nullable EventReference event,
            byte[] value,
            Place place,
            Consumer<Work> change) {
        var work = load(program, member);
        try {
            change.accept(work);
            save(work);
        } catch (IllegalArgumentException e) {
            // The engine refuses a value that is not of its declared type. Nothing is kept of the
            // record, but what was due before it has been published.
            if (!work.isNew()) {
                save(work);
            }
            refuse(program, event, "value-invalid", e, value, place);
        }
    }

    private void take(Work work, MemberRecord.EventApplied event) {
        work.state.kind(event.kind());
        long at = event.occurredAt().toEpochMilli();
        boolean retracts = event.type().equals(EventTypes.EVENT_RETRACTED);
        var takenBack =
                retracts
                        ? new EventReference(
                                String.valueOf(event.properties().get("source")),
                                String.valueOf(event.properties().get("id")))
                        : event.replaces();
        long from = takenBack != null ? Long.MIN_VALUE : at;
        for (var change : event.changes()) {
            from = Math.min(from, change.at().toEpochMilli());
        }
        boolean born = work.isNew() || at < work.born;
        boolean all = takenBack != null || born;
        var affected = all ? work.plan.evaluated() : work.plan.affectedBy(event);
        var imported = event.importId();
        var cause = imported == null ? MembershipCause.EVENT : MembershipCause.IMPORT;
        var causeId = imported == null ? event.source() + "/" + event.id() : imported;
        var ahead = new ArrayList<Long>();
        ahead.add(at);
        event.changes().forEach(change -> ahead.add(change.at().toEpochMilli()));
        change(
                work,
                affected,
                from,
                at,
                ahead,
                cause,
                causeId,
                history -> {
                    boolean changed = false;
                    var model = work.plan.model();
                    if (takenBack != null) {
                        changed = history.retract(takenBack.source(), takenBack.id());
                        work.rewritten |= changed;
                    }
                    if (!retracts
                            && history.addEvent(
                                    model,
                                    event.source(),
                                    event.id(),
                                    event.type(),
                                    event.occurredAt(),
                                    event.properties())) {
                        work.added = event;
                        changed = true;
                    }
                    return changed | add(work, event.changes(), history);
                });
    }

    private void take(Work work, MemberRecord.Changed changed) {
        work.state.kind(changed.kind());
        if (changed.changes().isEmpty()) {
            return;
        }
        var instants =
                changed.changes().stream().map(it -> it.at().toEpochMilli()).sorted().toList();
        long from = instants.getFirst();
        boolean born = work.isNew() || from < work.born;
        change(
                work,
                born ? work.plan.evaluated() : work.plan.affectedBy(changed.changes()),
                from,
                from,
                instants,
                MembershipCause.PROFILE,
                changed.causeId(),
                history -> add(work, changed.changes(), history));
    }

    /**
     * Takes one record of {@code segment-overrides}. A member that is not known here has nothing to
     * be put into: whoever set it had seen it, and it is gone again.
     */
    void take(SegmentOverride override, byte[] value, Place place) {
        var key = Timers.member(override.program().value(), override.member().value());
        if (stores.histories.get(key) != null) {
            attempt(
                    override.program(),
                    override.member(),
                    null,
                    value,
                    place,
                    work -> take(work, override));
        }
    }

    private void take(Work work, SegmentOverride override) {
        var change =
                new AttributeChange(
                        OverrideConditions.attribute(override.segment()),
                        override.included(),
                        override.at(),
                        Topics.SEGMENT_OVERRIDES,
                        override.id());
        long at = override.at().toEpochMilli();
        change(
                work,
                work.plan.affectedBy(List.of(change)),
                at,
                work.born,
                List.of(at),
                override.cause(),
                override.segment() + "/" + override.id(),
                history -> add(work, List.of(change), history));
    }

    private static boolean add(Work work, List<AttributeChange> changes, MemberHistory history) {
        boolean any = false;
        for (var change : changes) {
            any |=
                    history.addAttribute(
                            work.plan.model(),
                            change.name(),
                            change.value(),
                            change.at(),
                            change.source(),
                            change.id());
        }
        work.valuesChanged |= any;
        return any;
    }

    /** What a record does to a history; says whether it did anything. */
    private interface Edit {
        boolean apply(MemberHistory history);
    }

    /**
     * Applies {@code edit} and brings the affected segments up to the clock.
     *
     * @param from the earliest instant whose truth the edit can change
     * @param existsFrom the member exists from then on at the latest
     * @param instants when the parts of the edit count from
     */
    private void change(
            Work work,
            List<SegmentPlan> affected,
            long from,
            long existsFrom,
            List<Long> instants,
            MembershipCause cause,
            String causeId,
            Edit edit) {
        long now = clock.now();
        settle(work, now);
        boolean late = from <= now;
        var recorded = new ArrayList<List<Stay>>();
        if (late) {
            for (var segment : affected) {
                recorded.add(
                        work.isNew()
                                ? List.of()
                                : segment.stays(work.history, work.born, segment.reach(from), now));
            }
        }
        boolean isNew = work.isNew();
        if (!edit.apply(work.history) && !isNew) {
            return;
        }
        work.historyChanged = true;
        work.born = Math.min(work.born, existsFrom);
        for (int i = 0; i < affected.size(); i++) {
            var segment = affected.get(i);
            if (late) {
                reconcile(work, segment, from, recorded.get(i), cause, causeId, true);
            } else {
                wait(work, segment);
            }
        }
        if (affected.isEmpty()) {
            return;
        }
        instants.stream()
                .distinct()
                .filter(instant -> instant > now)
                .forEach(instant ->
                        work.state.await(
                                new MemberState.Pending(
                                        instant,
                                        cause,
                                        causeId,
                                        affected.stream()
                                                .mapToInt(SegmentPlan::number)
                                                .toArray())));
    }

    /** Makes the changes of a member that are due up to {@code through}, each at its instant. */
    private void settle(Work work, long through) {
        var state = work.state;
        for (long due = state.due(); due <= through; due = state.due()) {
            for (int number : List.copyOf(state.standings().keySet())) {
                var standing = state.standing(number);
                if (standing.due() > due) {
                    continue;
                }
                var segment = work.plan.segment(number);
                if (segment.quarantine().isPresent()) {
                    hold(work, number);
                    continue;
                }
                boolean inside = segment.holds(work.history, work.born, due);
                long next = segment.next(work.history, work.born, due);
                int version = segment.versionAt(due);
                long since =
                        inside ? (standing.inside() ? standing.since() : due) : MemberState.NEVER;
                work.standingChanged |= inside && standing.version() != version;
                state.put(number, new MemberState.Standing(since, inside ? version : 0, next));
                if (inside != standing.inside()) {
                    var pending = state.pendingAt(due, number);
                    publish(
                            work,
                            segment,
                            version,
                            inside,
                            due,
                            false,
                            pending == null ? MembershipCause.TIME : pending.cause(),
                            pending == null ? null : pending.causeId());
                }
            }
        }
        state.settledThrough(through);
    }

    /** Leaves a membership as it is until the segment is evaluated again. */
    private static void hold(Work work, int number) {
        var standing = work.state.standing(number);
        work.state.put(
                number,
                new MemberState.Standing(standing.since(), standing.version(), MemberState.NEVER));
    }

    /** Notes when a segment may change next, with nothing changed up to the clock. */
    private void wait(Work work, SegmentPlan segment) {
        var standing = work.state.standing(segment.number());
        work.state.put(
                segment.number(),
                new MemberState.Standing(
                        standing.since(),
                        standing.version(),
                        segment.next(work.history, work.born, clock.now())));
    }

    /**
     * Compares what was recorded from an instant on with what is true now, publishes the net
     * difference at the clock, and corrects history where that does not say all.
     *
     * @param from the earliest instant that may differ
     * @param recorded the stays recorded from there to the clock
     */
    private void reconcile(
            Work work,
            SegmentPlan segment,
            long from,
            List<Stay> recorded,
            MembershipCause cause,
            String causeId,
            boolean late) {
        long now = clock.now();
        int number = segment.number();
        long begin = Math.max(segment.reach(from), work.born);
        var standing = work.state.standing(number);
        if (begin > now) {
            wait(work, segment);
            return;
        }
        var stays = segment.stays(work.history, work.born, begin, now);
        boolean inside = !stays.isEmpty() && stays.getLast().isOpen();
        int version = segment.versionAt(now);
        long next = segment.next(work.history, work.born, now);
        var told = new ArrayList<>(recorded);
        if (inside) {
            long since = stays.getLast().since();
            if (since == begin && segment.holds(work.history, work.born, begin - 1)) {
                since = segment.stays(work.history, work.born, work.born, now).getLast().since();
            }
            work.standingChanged |= standing.since() != since || standing.version() != version;
            work.state.put(number, new MemberState.Standing(since, version, next));
            if (!standing.inside()) {
                publish(work, segment, version, true, since, late, cause, causeId);
                enter(told, Math.max(begin, since));
            }
        } else {
            work.state.put(number, new MemberState.Standing(MemberState.NEVER, 0, next));
            if (standing.inside()) {
                var whole =
                        stays.isEmpty()
                                ? segment.stays(work.history, work.born, work.born, now)
                                : stays;
                // A stay that never was ends when it was said to begin.
                long at = whole.isEmpty() ? standing.since() : whole.getLast().until();
                publish(work, segment, version, false, at, late, cause, causeId);
                leave(told, at);
            }
        }
        // Stays that were over when recording began are nobody's history.
        told.removeIf(stay -> stay.until() <= segment.recordedFrom());
        stays.removeIf(stay -> stay.until() <= segment.recordedFrom());
        if (!told.equals(stays)) {
            outlet.corrected(
                    new SegmentMembershipRecord.Corrected(
                            work.plan.program(),
                            work.member,
                            segment.key(),
                            version,
                            Instant.ofEpochMilli(begin),
                            stays.stream().map(Stay::toInterval).toList(),
                            recordedAt(),
                            cause,
                            causeId));
        }
    }

    /** What was told, once a change says that the member is inside from {@code at} on. */
    private static void enter(List<Stay> told, long at) {
        leave(told, at);
        if (!told.isEmpty() && told.getLast().until() == at) {
            told.add(new Stay(told.removeLast().since(), Stay.OPEN));
        } else {
            told.add(new Stay(at, Stay.OPEN));
        }
    }

    /** What was told, once a change says that the member is outside from {@code at} on. */
    private static void leave(List<Stay> told, long at) {
        while (!told.isEmpty() && told.getLast().since() >= at) {
            told.removeLast();
        }
        if (!told.isEmpty() && told.getLast().until() > at) {
            told.add(new Stay(told.removeLast().since(), at));
        }
    }

    private void publish(
            Work work,
            SegmentPlan segment,
            int version,
            boolean entered,
            long at,
            boolean late,
            MembershipCause cause,
            @Nullable String causeId) {
        var program = work.plan.program();
        long sequence = work.state.nextSequence();
        // Where a definition makes another plan, members are settled by the plan before it.
        var shown = Objects.requireNonNull(plans.get(program)).segment(segment.number());
        shown.size(shown.size() + (entered ? 1 : -1));
        work.standingChanged = true;
        published = true;
        outlet.changed(
                new SegmentMembershipRecord.Changed(
                        program + ":" + work.member + ":" + sequence,
                        program,
                        work.member,
                        segment.key(),
                        version,
                        entered ? MembershipChange.ENTERED : MembershipChange.LEFT,
                        Instant.ofEpochMilli(at),
                        recordedAt(),
                        late,
                        cause,
                        causeId,
                        sequence));
    }

    private void save(Work work) {
        if (work.historyChanged) {
            var history = new StoredHistory(work.born, work.history);
            // First, as it may be read from the store.
            var members = columns(work.plan);
            stores.histories.put(work.key, history.encode());
            if (work.rewritten) {
                members.put(history, clock.now());
            } else {
                members.add(history, work.added, work.valuesChanged, clock.now());
            }
        }
        byte[] encoded = work.state.encode();
        if (!Arrays.equals(encoded, work.stored)) {
            stores.members.put(work.key, encoded);
        }
        timers.move(work.key, work.dueBefore, work.state.due());
        if (work.standingChanged) {
            var segments = new TreeMap<SegmentKey, MemberSegments.Membership>();
            work.state
                    .standings()
                    .forEach((number, standing) -> {
                        if (standing.inside()) {
                            segments.put(
                                    work.plan.segment(number).key(),
                                    new MemberSegments.Membership(
                                            Instant.ofEpochMilli(standing.since()),
                                            standing.version()));
                        }
                    });
            outlet.memberSegments(
                    new MemberSegments(
                            work.plan.program(), work.member, work.state.sequence(), segments));
        }
    }

    /**
     * Takes one record of {@code segment-definitions}: evaluates every member of the program, so
     * that nobody is inside or outside by accident. Cost: a pass over the program's members here.
     */
    void take(SegmentDefinition definition) {
        var program = definition.program();
        var known = entriesOf(program);
        var before = known.get(definition.segment());
        if (before != null && before.revision() >= definition.revision()) {
            return;
        }
        var planBefore = plan(program);
        var rewritten =
                new DefinitionDocument(
                        program,
                        definition.segment(),
                        before == null ? known.size() : before.number(),
                        definition.revision(),
                        definition.version(),
                        definition.active(),
                        Json.mapper().valueToTree(definition.condition()),
                        // What can no longer be read says nothing of the past either.
                        before == null || before.quarantine() != null ? List.of() : before.phases(),
                        null);
        var next = new LinkedHashMap<>(known);
        next.put(definition.segment(), rewritten);
        long from = definition.effectiveAt().toEpochMilli();
        List<DefinitionDocument> changed;
        try {
            changed = awaitRegistry(program, () -> phasesFrom(program, next, from));
        } catch (RegistryBehindException e) {
            // What one segment says must not keep the others waiting.
            changed = List.of(rewritten.inQuarantine(String.valueOf(e.getCause())));
        }
        changed.forEach(this::keep);
        var plan = replan(program);
        var causeId = definition.segment() + "/" + definition.version();
        var segments = new TreeSet<SegmentKey>();
        changed.forEach(entry -> segments.add(entry.segment()));
        try (var members = stores.members.prefixScan(program + ":", new StringSerializer())) {
            while (members.hasNext()) {
                redefine(members.next().key, planBefore, plan, segments, from, causeId);
            }
        }
        show();
    }

    private void redefine(
            Bytes key,
            ProgramPlan before,
            ProgramPlan after,
            TreeSet<SegmentKey> changed,
            long from,
            String causeId) {
        var work = load(key, before);
        long now = clock.now();
        settle(work, now);
        work.plan = after;
        for (var name : changed) {
            var segment = after.segment(name).orElseThrow();
            if (segment.quarantine().isPresent()) {
                hold(work, segment.number());
                continue;
            }
            var old = before.segment(name);
            if (old.isPresent() && from > now) {
                wait(work, segment);
                work.state.await(
                        new MemberState.Pending(
                                from,
                                MembershipCause.DEFINITION,
                                causeId,
                                new int[] {segment.number()}));
            } else {
                long begin = Math.min(from, now);
                var recorded =
                        old.map(it -> it.stays(work.history, work.born, segment.reach(begin), now))
                                .orElse(List.of());
                reconcile(
                        work, segment, begin, recorded, MembershipCause.DEFINITION, causeId, false);
            }
        }
        save(work);
    }

    /** Every entry that means something else from {@code from} on, with its new phase. */
    private List<DefinitionDocument> phasesFrom(
            ProgramId program, Map<SegmentKey, DefinitionDocument> next, long from) {
        var model = known(program).model();
        var conditions = ProgramPlan.conditions(model, next.values());
        var changed = new ArrayList<DefinitionDocument>();
        for (var entry : next.values()) {
            if (entry.quarantine() != null) {
                continue;
            }
            var condition = conditions.get(entry.segment().value());
            if (condition == null) {
                throw new IllegalStateException("no condition of " + entry.segment());
            }
            JsonNode expanded = Conditions.write(Expansion.expand(condition, conditions));
            var phases = entry.phases();
            var last = phases.isEmpty() ? null : phases.getLast();
            boolean same =
                    last != null
                            && last.active() == entry.active()
                            && last.version() == entry.version()
                            && last.condition().equals(expanded);
            var known = entriesOf(program).get(entry.segment());
            if (!same) {
                changed.add(
                        entry.then(
                                new DefinitionDocument.StoredPhase(
                                        from, entry.version(), entry.active(), expanded)));
            } else if (known == null || known.revision() != entry.revision()) {
                changed.add(entry);
            }
        }
        return changed;
    }

    private Work load(ProgramId program, MemberId member) {
        return new Work(Timers.member(program.value(), member.value()), member, plan(program));
    }

    private Work load(Bytes key) {
        return load(key, plan(program(key)));
    }

    private Work load(Bytes key, ProgramPlan plan) {
        return new Work(key, member(key), plan);
    }

    private Map<SegmentKey, DefinitionDocument> entriesOf(ProgramId program) {
        return entries.computeIfAbsent(program, unused -> new TreeMap<>());
    }

    /** The program's plan by what the registry says now. */
    private ProgramPlan plan(ProgramId program) {
        var plan = plans.get(program);
        if (plan == null || plan.modelVersion() != known(program).version()) {
            topics.accept(program);
            plan = awaitRegistry(program, () -> replan(program));
            show();
            if (columns.containsKey(program)) {
                // Before anything is changed by the new model.
                columns(plan);
            }
        }
        return plan;
    }

    private void keep(DefinitionDocument entry) {
        stores.definitions.put(
                Timers.member(entry.program().value(), entry.segment().value()), Json.bytes(entry));
        entriesOf(entry.program()).put(entry.segment(), entry);
    }

    private ProgramPlan replan(ProgramId program) {
        var before = plans.get(program);
        var entries = entriesOf(program);
        ProgramPlan.unfit(known(program).model(), entries.values())
                .forEach((segment, why) -> {
                    LOG.warnf(
                            "segment in quarantine program=%s segment=%s reason=%s",
                            program, segment, why);
                    keep(Objects.requireNonNull(entries.get(segment)).inQuarantine(why));
                });
        var plan = ProgramPlan.of(program, known(program), entriesOf(program).values());
        if (before != null) {
            before.segments().forEach(old -> plan.segment(old.number()).continues(old));
        }
        plans.put(program, plan);
        return plan;
    }

    private void show() {
        view.plans(plans);
    }

    private void count(ProgramPlan plan) {
        try (var members =
                stores.members.prefixScan(plan.program() + ":", new StringSerializer())) {
            while (members.hasNext()) {
                MemberState.decode(members.next().value)
                        .standings()
                        .forEach((number, standing) -> {
                            if (standing.inside()) {
                                var segment = plan.segment(number);
                                segment.size(segment.size() + 1);
                            }
                        });
            }
        }
    }

    private Programs.Known known(ProgramId program) {
        return awaitRegistry(
                program,
                () ->
                        programs.find(program)
                                .orElseThrow(() ->
                                        new IllegalStateException(
                                                "program " + program + " is not in the registry")));
    }

    /**
     * The registry travels on a topic of its own and may be behind this one for a moment: tries
     * again for some seconds before the task gives up and starts anew.
     */
    private <T> T awaitRegistry(ProgramId program, Supplier<T> step) {
        var pause = Backoff.standard();
        for (int attempt = 1; ; attempt++) {
            try {
                return step.get();
            } catch (InvalidConditionException | IllegalStateException e) {
                if (attempt == REGISTRY_ATTEMPTS || !pause.sleep(() -> false)) {
                    throw new RegistryBehindException(program, e);
                }
            }
        }
    }

    /** Some seconds have not brought what is said of a program. */
    private static final class RegistryBehindException extends IllegalStateException {
        private RegistryBehindException(ProgramId program, RuntimeException cause) {
            super("the registry does not have what is said of program " + program, cause);
        }
    }

    private Instant recordedAt() {
        return wall.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
