package io.clientele.profile.member;

import io.clientele.common.json.Json;
import io.clientele.contracts.AttributeChange;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.Identity;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MemberProfile;
import io.clientele.contracts.ProgramId;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One member: what its events have made of it. A working copy for one thread; apply changes it and
 * writes it back, everybody else reads.
 *
 * <p>{@link #version()} grows with every event and guards the write; {@link #revision()} grows when
 * something changes that can be read back, and is what callers and snapshots see.
 */
final class Member {
    /** More is refused. */
    static final int MAXIMUM_ATTRIBUTES = 1000;

    /** More is refused. */
    static final int MAXIMUM_IDENTITIES = 100;

    /** Characters of names and values of all attributes together; more is refused. */
    static final long MAXIMUM_SIZE = 200_000;

    private static final String POINTS = "loyalty.points";

    private final ProgramId program;
    private final MemberId id;
    private final long storedVersion;
    private final Map<String, AttributeVersion> attributes;
    private final Set<Identity> identities;
    private final Set<EventReference> awaitedRetractions;
    private long revision;
    private MemberKind kind;
    private @Nullable Position kindSince;
    private @Nullable Position applied;
    private Totals totals;
    private final Instant createdAt;
    private Instant updatedAt;
    private boolean changed;
    private boolean visiblyChanged;

    /**
     * A member as stored.
     *
     * @param state what the store holds
     */
    Member(State state) {
        this.program = state.program();
        this.id = state.id();
        this.storedVersion = state.version();
        this.attributes = new TreeMap<>();
        state.attributes().forEach(it -> attributes.put(it.declared().name(), it));
        this.identities = new LinkedHashSet<>(state.identities());
        this.awaitedRetractions = new LinkedHashSet<>(state.awaitedRetractions());
        this.revision = state.revision();
        this.kind = state.kind();
        this.kindSince = state.kindSince();
        this.applied = state.applied();
        this.totals = state.totals();
        this.createdAt = state.createdAt();
        this.updatedAt = state.updatedAt();
    }

    /**
     * Everything a member is, for the store.
     *
     * @param version 0 for one that is not stored yet
     */
    record State(
            ProgramId program,
            MemberId id,
            long version,
            long revision,
            MemberKind kind,
            @Nullable Position kindSince,
            @Nullable Position applied,
            List<AttributeVersion> attributes,
            List<Identity> identities,
            List<EventReference> awaitedRetractions,
            Totals totals,
            Instant createdAt,
            Instant updatedAt) {
        State {
            attributes = List.copyOf(attributes);
            identities = List.copyOf(identities);
            awaitedRetractions = List.copyOf(awaitedRetractions);
        }
    }

    /** A member nobody has heard of before. */
    static Member unknown(ProgramId program, MemberId id, Instant now) {
        return new Member(
                new State(
                        program,
                        id,
                        0,
                        0,
                        MemberKind.PROSPECT,
                        null,
                        null,
                        List.of(),
                        List.of(),
                        List.of(),
                        Totals.NONE,
                        now,
                        now));
    }

    /** The state to store: one version on if anything was applied. */
    State state() {
        return new State(
                program,
                id,
                storedVersion + (changed ? 1 : 0),
                revision,
                kind,
                kindSince,
                applied,
                List.copyOf(attributes.values()),
                List.copyOf(identities),
                List.copyOf(awaitedRetractions),
                totals,
                createdAt,
                updatedAt);
    }

    ProgramId program() {
        return program;
    }

    MemberId id() {
        return id;
    }

    /** The version the store holds; 0 if none. */
    long version() {
        return storedVersion;
    }

    long revision() {
        return revision;
    }

    MemberKind kind() {
        return kind;
    }

    Totals totals() {
        return totals;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant updatedAt() {
        return updatedAt;
    }

    Set<Identity> identities() {
        return Collections.unmodifiableSet(identities);
    }

    Map<String, AttributeVersion> attributes() {
        return Collections.unmodifiableMap(attributes);
    }

    /** The present value of an attribute. */
    Optional<Object> value(String name) {
        var version = attributes.get(name);
        var json = version == null ? null : version.declared().json();
        return json == null ? Optional.empty() : Optional.of(parse(json));
    }

    /** True if there is something to write. */
    boolean isChanged() {
        return changed;
    }

    /** True if the record at {@code position} has been applied. */
    boolean hasApplied(Position position) {
        return position.isIn(applied);
    }

    /**
     * What the member was after an event that has been applied.
     *
     * @param event which
     * @param counted the member's events that counted then, this one among them; asked for only if
     *     the kind has changed since
     */
    MemberKind kindAfter(StoredEvent event, Supplier<List<StoredEvent>> counted) {
        if (kindSince == null || !kindSince.isAfter(event.position())) {
            return kind;
        }
        return counted.get().stream().anyMatch(it -> Declarations.enrolls(it.type()))
                ? MemberKind.MEMBER
                : MemberKind.PROSPECT;
    }

    /** True if an event was taken back before it came. */
    boolean awaitsRetractionOf(EventReference event) {
        return awaitedRetractions.contains(event);
    }

    /** True if this member cannot take what an event declares in addition. */
    boolean isFullFor(List<Declared> declared, @Nullable Identity identity) {
        if (identity != null
                && identities.size() >= MAXIMUM_IDENTITIES
                && !identities.contains(identity)) {
            return true;
        }
        long names =
                declared.stream().filter(it -> !attributes.containsKey(it.name())).count()
                        + attributes.size();
        return names > MAXIMUM_ATTRIBUTES
                || size(declared) > 0
                        && size(declared)
                                        + size(
                                                attributes.values().stream()
                                                        .map(AttributeVersion::declared)
                                                        .toList())
                                > MAXIMUM_SIZE;
    }

    /**
     * Applies an event that is not applied yet. Whatever it takes back goes before, with {@link
     * #takeBack}.
     *
     * @param event which
     * @param identity that it linked to this member, if any
     * @param history the member's other events that count and stand before this one; asked for only
     *     where points were earned out of order
     * @param now when this is written
     * @return the points it changed, its own among them
     */
    List<AttributeChange> apply(
            StoredEvent event,
            @Nullable Identity identity,
            Supplier<List<StoredEvent>> history,
            Instant now) {
        visiblyChanged |= identity != null && identities.add(identity);
        for (var declared : event.declared()) {
            visiblyChanged |= put(new AttributeVersion(declared, event.moment()));
        }
        totals = totals.plus(event);
        List<AttributeChange> restated = List.of();
        var points = event.points();
        if (points != null) {
            var current = attributes.get(POINTS);
            if (current == null || current.moment().compareTo(event.moment()) < 0) {
                var balance = new Points.Balance(event.moment(), points.after(value(current)));
                restated = List.of(change(balance));
                visiblyChanged |= put(version(balance));
            } else {
                var before = history.get();
                var after = with(before, event);
                restated = restated(before, after);
                setPoints(after);
            }
        }
        finish(event.position(), now);
        return restated;
    }

    /**
     * Takes an event back.
     *
     * @param target which; applied, not taken back yet
     * @param rest the member's other events that count, as of what takes it back
     * @return the points that changed by it
     */
    List<AttributeChange> takeBack(StoredEvent target, List<StoredEvent> rest) {
        for (var declared : target.declared()) {
            var name = declared.name();
            var current = attributes.get(name);
            if (current != null && current.moment().equals(target.moment())) {
                attributes.remove(name);
                latest(name, rest).ifPresent(it -> attributes.put(name, it));
                visiblyChanged = true;
            }
        }
        totals = totals.minus(target, rest);
        if (target.points() == null) {
            return List.of();
        }
        setPoints(rest);
        return restated(with(rest, target), rest);
    }

    private static Optional<AttributeVersion> latest(String name, List<StoredEvent> events) {
        return events.stream()
                .flatMap(event ->
                        event.declared().stream()
                                .filter(it -> it.name().equals(name))
                                .map(it -> new AttributeVersion(it, event.moment())))
                .max(Comparator.comparing(AttributeVersion::moment));
    }

    /** Remembers that an event which has not come yet is taken back. */
    void awaitRetractionOf(EventReference event) {
        awaitedRetractions.add(event);
    }

    /** Passes over an event that was taken back before it came. */
    void passOver(StoredEvent event, Instant now) {
        awaitedRetractions.remove(event.reference());
        finish(event.position(), now);
    }

    /**
     * The balances of points that are other, or new, with {@code after} instead of {@code before}.
     */
    static List<AttributeChange> restated(List<StoredEvent> before, List<StoredEvent> after) {
        var known = new HashMap<Moment, BigDecimal>();
        Points.balances(before).forEach(it -> known.put(it.moment(), it.balance()));
        var restated = new ArrayList<AttributeChange>();
        for (var balance : Points.balances(after)) {
            var old = known.get(balance.moment());
            if (old == null || old.compareTo(balance.balance()) != 0) {
                restated.add(change(balance));
            }
        }
        return restated;
    }

    /** A list and one element more. */
    static List<StoredEvent> with(List<StoredEvent> events, StoredEvent one) {
        var all = new ArrayList<>(events);
        all.add(one);
        return all;
    }

    /** The member without anything personal. */
    MemberProfile snapshot() {
        var open = new LinkedHashMap<String, Object>();
        for (var version : attributes.values()) {
            var json = version.declared().json();
            if (json != null && version.declared().scope() == Declared.Scope.PUBLIC) {
                open.put(version.declared().name(), parse(json));
            }
        }
        return new MemberProfile(program, id, revision, kind, open, createdAt, updatedAt);
    }

    /** A kept value as what JSON has. */
    static Object parse(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), Object.class);
    }

    private void finish(Position position, Instant now) {
        if (hasApplied(position)) {
            throw new IllegalStateException("member " + id + " has applied " + position);
        }
        changed = true;
        applied = position;
        var is =
                totals.enrollments() + totals.purchases() > 0
                        ? MemberKind.MEMBER
                        : MemberKind.PROSPECT;
        if (is != kind) {
            kind = is;
            kindSince = position;
            visiblyChanged = true;
        }
        if (visiblyChanged || revision == 0) {
            visiblyChanged = false;
            revision++;
            updatedAt = now;
        }
    }

    private static long size(List<Declared> declared) {
        long size = 0;
        for (var one : declared) {
            var json = one.json();
            size += one.name().length() + (json == null ? 0 : json.length());
        }
        return size;
    }

    /** Takes a value unless a later one is known; says whether anything changed. */
    private boolean put(AttributeVersion version) {
        var name = version.declared().name();
        var current = attributes.get(name);
        if (current != null && current.moment().compareTo(version.moment()) > 0) {
            return false;
        }
        return !Objects.equals(attributes.put(name, version), version);
    }

    private void setPoints(List<StoredEvent> counted) {
        var balances = Points.balances(counted);
        var before =
                balances.isEmpty()
                        ? attributes.remove(POINTS)
                        : attributes.put(POINTS, version(balances.getLast()));
        visiblyChanged |= !Objects.equals(before, attributes.get(POINTS));
    }

    private static AttributeVersion version(Points.Balance balance) {
        return new AttributeVersion(
                new Declared(POINTS, Declarations.json(plain(balance)), Declared.Scope.PUBLIC),
                balance.moment());
    }

    private static AttributeChange change(Points.Balance balance) {
        var moment = balance.moment();
        return new AttributeChange(
                POINTS, plain(balance), moment.at(), moment.source(), moment.id());
    }

    private static Object plain(Points.Balance balance) {
        var number = balance.balance().stripTrailingZeros();
        return number.scale() <= 0 ? (Object) number.toBigInteger() : number;
    }

    private static BigDecimal value(@Nullable AttributeVersion version) {
        var json = version == null ? null : version.declared().json();
        return json == null ? BigDecimal.ZERO : new BigDecimal(json);
    }
}
