package io.clientele.profile.member;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CloudEventHeaders;
import io.clientele.common.kafka.TransactionalLoop;
import io.clientele.contracts.AttributeChange;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.MemberKind;
import io.clientele.contracts.MemberRecord;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.Topics;
import io.clientele.profile.deadletter.DeadLetters;
import io.clientele.profile.identity.IdentityHash;
import io.clientele.profile.identity.Resolution;
import io.clientele.profile.identity.ResolutionHeader;
import io.clientele.profile.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;

/**
 * Apply: the only writer of members. Each batch is written to the store in this order: the events,
 * with the position of the record that brought each; the marks of events taken back; the members,
 * each with the position up to which it is applied and only over the version that was read; then
 * what became of the rest. Only then the Kafka transaction commits.
 *
 * <p>So a batch read again after a crash finds what it has done: an event stored from the same
 * position is passed on again, and applied only if its member is not that far; one stored from
 * another position is a duplicate, or, with other content, refused. What is passed on is made from
 * what is stored.
 *
 * <p>Called by one thread.
 */
final class ApplyStep implements TransactionalLoop.Step {
    private static final Logger LOG = Logger.getLogger(ApplyStep.class);
    private static final String SOURCE = "/clientele/profile";

    private final String topicId;
    private final Declarations declarations;
    private final Registry registry;
    private final IdentityHash hash;
    private final EventRepository events;
    private final MemberRepository members;
    private final Outcomes outcomes;
    private final ImportCounts imports;
    private final ApplyMetrics metrics;
    private final Clock clock;

    ApplyStep(
            String topicId,
            Registry registry,
            IdentityHash hash,
            EventRepository events,
            MemberRepository members,
            Outcomes outcomes,
            ImportCounts imports,
            ApplyMetrics metrics,
            Clock clock) {
        this.topicId = topicId;
        this.declarations = new Declarations(registry);
        this.registry = registry;
        this.hash = hash;
        this.events = events;
        this.members = members;
        this.outcomes = outcomes;
        this.imports = imports;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void process(List<ConsumerRecord<byte[], byte[]>> batch, TransactionalLoop.Output output)
            throws InterruptedException {
        var run = new ArrayList<Incoming>(batch.size());
        for (var record : batch) {
            var incoming = read(record);
            // An edit is checked against its member as stored, so all before it is stored first.
            if (incoming.expected() != null && !run.isEmpty()) {
                new Run(run, output).process();
                run = new ArrayList<>();
            }
            run.add(incoming);
        }
        if (!run.isEmpty()) {
            new Run(run, output).process();
        }
    }

    private Incoming read(ConsumerRecord<byte[], byte[]> record) {
        var position = new Position(topicId, record.partition(), record.offset());
        try {
            var event = Json.read(record.value(), ReceivedEvent.class);
            if (event.member() == null) {
                throw new IllegalArgumentException("a resolved event without a member");
            }
            return new Incoming(
                    record,
                    position,
                    inMilliseconds(event),
                    ResolutionHeader.read(record.headers()),
                    ExpectedRevisionHeader.read(record.headers()));
        } catch (RuntimeException e) {
            var incoming = new Incoming(record, position, null, Resolution.NAMED, null);
            incoming.refuse(
                    new Refusal(
                            Refusal.Reason.UNREADABLE, "expected an event as resolve writes it"));
            return incoming;
        }
    }

    private static ReceivedEvent inMilliseconds(ReceivedEvent event) {
        return new ReceivedEvent(
                event.program(),
                event.source(),
                event.id(),
                event.type(),
                event.member(),
                event.identity(),
                event.occurredAt().truncatedTo(ChronoUnit.MILLIS),
                event.receivedAt().truncatedTo(ChronoUnit.MILLIS),
                event.properties(),
                event.replaces(),
                event.importId());
    }

    /** What an event declares, as it is passed on. */
    static AttributeChange change(Declared declared, StoredEvent event) {
        var json = declared.json();
        return new AttributeChange(
                declared.name(),
                json == null ? null : Member.parse(json),
                event.occurredAt(),
                event.source(),
                event.id());
    }

    /** Records that are stored together. */
    private final class Run {
        private final List<Incoming> all;
        private final TransactionalLoop.Output output;
        private final Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        private final Map<String, Member> working = new HashMap<>();
        private final Map<String, StoredEvent> known = new HashMap<>();
        private final Map<String, StoredEvent.Retraction> retractions = new LinkedHashMap<>();
        private final Map<String, List<StoredEvent>> histories = new HashMap<>();
        private final Set<String> snapshots = new LinkedHashSet<>();
        private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

        private Run(List<Incoming> all, TransactionalLoop.Output output) {
            this.all = all;
            this.output = output;
        }

        private void process() throws InterruptedException {
            declare();
            readMembers();
            refuseByMember();
            readKnownEvents();
            refuseRetractions();
            insertEvents();
            for (var incoming : all) {
                if (incoming.isAccepted()) {
                    apply(incoming);
                }
            }
            events.retract(retractions);
            members.write(working.values().stream().filter(Member::isChanged).toList());
            noteOutcomes();
            send();
        }

        /** What each event says; with a fresh registry where a name was missing or refused. */
        private void declare() throws InterruptedException {
            boolean refreshed = false;
            for (var incoming : all) {
                var event = incoming.event();
                if (event == null) {
                    continue;
                }
                boolean sure = declare(incoming, event);
                if (!sure && !refreshed) {
                    registry.refresh();
                    refreshed = true;
                }
                if (!sure) {
                    boolean unused = declare(incoming, event);
                }
            }
        }

        /** Says whether nothing was missing. */
        private boolean declare(Incoming incoming, ReceivedEvent event) {
            try {
                var declaration = declarations.of(event);
                incoming.refuse(null);
                var identity = event.identity();
                var key = identity == null ? null : hash.keyOf(event.program(), identity);
                var forwarded = declaration.forwarded();
                incoming.prepare(
                        new StoredEvent(
                                event.program(),
                                Objects.requireNonNull(event.member()),
                                event.source(),
                                event.id(),
                                event.type(),
                                event.occurredAt(),
                                event.receivedAt(),
                                incoming.position(),
                                hashOf(incoming, event),
                                Declarations.json(event.properties()),
                                forwarded == null ? null : Declarations.json(forwarded),
                                declaration.declared(),
                                declaration.amount(),
                                declaration.points(),
                                event.replaces(),
                                event.importId(),
                                key,
                                null),
                        forwarded == null ? event.properties() : forwarded);
                return !declaration.missing();
            } catch (RefusedException e) {
                incoming.refuse(e.refusal());
                return false;
            } catch (RuntimeException e) {
                // Our bug, but this record would hold its partition up for ever.
                LOG.errorf(
                        e,
                        "event not readable partition=%d offset=%d type=%s",
                        incoming.position().partition(),
                        incoming.position().offset(),
                        event.type());
                incoming.refuse(
                        new Refusal(
                                Refusal.Reason.DECLARATION_INVALID,
                                event.type() + ": what it says about its member is not readable"));
                return true;
            }
        }

        private String hashOf(Incoming incoming, ReceivedEvent event) {
            var identity = event.identity();
            return ContentHash.of(
                    event,
                    incoming.resolution() != Resolution.IDENTITY,
                    identity == null ? null : hash.keyOf(event.program(), identity));
        }

        private void readMembers() {
            var keys =
                    all.stream()
                            .map(Incoming::event)
                            .filter(Objects::nonNull)
                            .map(Run::memberKey)
                            .collect(Collectors.toSet());
            members.findAll(keys).forEach((key, state) -> working.put(key, new Member(state)));
        }

        /** Refuses what its member does not allow. */
        private void refuseByMember() {
            var created = new HashSet<String>();
            for (var incoming : all) {
                var event = incoming.event();
                var stored = incoming.stored();
                if (event == null || stored == null || incoming.refusal() != null) {
                    continue;
                }
                var key = memberKey(event);
                var member = working.get(key);
                var expected = incoming.expected();
                long revision = member == null ? 0 : member.revision();
                if (expected != null && expected.revision() != revision) {
                    incoming.refuse(
                            new Refusal(
                                    Refusal.Reason.EDIT_STALE,
                                    "the member has changed since it was read"));
                } else if (member == null && !created.contains(key) && !creates(event, incoming)) {
                    incoming.refuse(
                            new Refusal(
                                    Refusal.Reason.MEMBER_UNKNOWN,
                                    "the program refuses members that have not enrolled; nobody"
                                            + " has enrolled as this one"));
                } else if (member != null
                        && !member.hasApplied(incoming.position())
                        && member.isFullFor(stored.declared(), incoming.linkedIdentity())) {
                    incoming.refuse(
                            new Refusal(
                                    Refusal.Reason.MEMBER_TOO_LARGE,
                                    "a member has at most "
                                            + Member.MAXIMUM_ATTRIBUTES
                                            + " attributes and "
                                            + Member.MAXIMUM_IDENTITIES
                                            + " identities"));
                } else {
                    created.add(key);
                }
            }
        }

        private boolean creates(ReceivedEvent event, Incoming incoming) {
            return event.type().equals(EventTypes.ENROLLMENT)
                    || incoming.expected() != null
                    || registry.program(event.program())
                            .map(it -> it.unknownMembers() == RegistryRecord.UnknownMembers.CREATE)
                            .orElse(true);
        }

        /** Reads what was stored before: the refused, and what is taken back. */
        private void readKnownEvents() {
            var keys = new HashSet<String>();
            for (var incoming : all) {
                var event = incoming.event();
                if (event == null) {
                    continue;
                }
                var target = incoming.target();
                if (target != null) {
                    keys.add(EventKey.of(event.program(), target));
                }
                if (incoming.refusal() != null || target != null) {
                    keys.add(EventKey.of(event.program(), event.reference()));
                }
            }
            known.putAll(events.findAll(keys));
            // Stored from this very record, before what it says came to be refused.
            for (var incoming : all) {
                var event = incoming.event();
                if (event != null) {
                    var stored = known.get(EventKey.of(event.program(), event.reference()));
                    if (stored == null || stored.position().isAfter(incoming.position())) {
                        continue;
                    }
                    if (stored.position().equals(incoming.position())) {
                        incoming.found(stored);
                    } else if (incoming.refusal() != null
                            && stored.contentHash().equals(hashOf(incoming, event))) {
                        incoming.repeats();
                    }
                }
            }
        }

        private void refuseRetractions() {
            var earlier = new HashMap<String, StoredEvent>();
            for (var incoming : all) {
                var event = incoming.event();
                var stored = incoming.stored();
                if (event == null || stored == null || incoming.refusal() != null) {
                    continue;
                }
                earlier.putIfAbsent(stored.key(), stored);
                if (incoming.isPresent()) {
                    continue;
                }
                var reference = incoming.target();
                if (reference == null) {
                    if (event.type().equals(EventTypes.EVENT_RETRACTED)) {
                        incoming.refuse(
                                new Refusal(
                                        Refusal.Reason.RETRACTION_INVALID,
                                        "expected properties source and id of the event to take"
                                                + " back"));
                    }
                    continue;
                }
                var target = known.get(EventKey.of(event.program(), reference));
                if (target == null || target.position().isAfter(incoming.position())) {
                    target = earlier.get(EventKey.of(event.program(), reference));
                }
                if (reference.equals(event.reference())
                        || target != null
                                && (!target.member().equals(event.member())
                                        || target.type().equals(EventTypes.EVENT_RETRACTED))) {
                    incoming.refuse(
                            new Refusal(
                                    Refusal.Reason.RETRACTION_INVALID,
                                    "the event to take back is another member's, itself, or a"
                                            + " retraction"));
                }
            }
        }

        private void insertEvents() {
            var added =
                    all.stream()
                            .filter(it -> it.isAccepted() && !it.isPresent())
                            .map(Incoming::stored)
                            .filter(Objects::nonNull)
                            .toList();
            var present = events.insert(added);
            if (present.isEmpty()) {
                return;
            }
            var stored = events.findAll(present);
            for (var incoming : all) {
                var prepared = incoming.stored();
                if (prepared == null || !incoming.isAccepted() || incoming.isPresent()) {
                    continue;
                }
                var other = stored.get(prepared.key());
                if (other == null) {
                    continue;
                }
                if (other.position().equals(incoming.position())) {
                    incoming.found(other);
                } else if (other.contentHash().equals(prepared.contentHash())) {
                    incoming.repeats();
                } else {
                    incoming.refuse(
                            new Refusal(
                                    Refusal.Reason.ID_REUSED,
                                    "an event of this source and id is known, with other"
                                            + " content"));
                }
            }
        }

        private void apply(Incoming incoming) {
            var event = Objects.requireNonNull(incoming.stored());
            var key = memberKey(event);
            var member =
                    working.computeIfAbsent(
                            key,
                            unused ->
                                    Member.unknown(
                                            event.program(), event.member(), event.receivedAt()));
            if (member.hasApplied(event.position())) {
                passOnAgain(incoming, event, member, key);
                return;
            }
            if (member.awaitsRetractionOf(event.reference())) {
                retractions.put(
                        event.key(),
                        new StoredEvent.Retraction(event.reference(), event.position(), true));
                member.passOver(event, now);
                return;
            }
            long revision = member.revision();
            var changes = new ArrayList<AttributeChange>();
            var reference = incoming.target();
            if (reference != null) {
                changes.addAll(takeBack(event, reference, member, key));
            }
            changes.addAll(
                    member.apply(
                            event,
                            incoming.linkedIdentity(),
                            () -> counted(key, event, event.key()),
                            now));
            known.put(event.key(), event);
            if (member.revision() != revision) {
                snapshots.add(key);
            }
            records.add(applied(incoming, event, member.kind(), changes));
        }

        private List<AttributeChange> takeBack(
                StoredEvent event, EventReference reference, Member member, String key) {
            var targetKey = EventKey.of(event.program(), reference);
            var target = known.get(targetKey);
            if (target == null || target.position().isAfter(event.position())) {
                member.awaitRetractionOf(reference);
                return List.of();
            }
            var earlier = target.retraction();
            boolean mine = earlier != null && earlier.by().equals(event.reference());
            if (!target.member().equals(event.member())
                    || retractions.containsKey(targetKey)
                    || earlier != null && !mine) {
                return List.of();
            }
            var retraction = new StoredEvent.Retraction(event.reference(), event.position(), false);
            retractions.put(targetKey, retraction);
            return member.takeBack(target, counted(key, event, targetKey));
        }

        private void passOnAgain(Incoming incoming, StoredEvent event, Member member, String key) {
            var retraction = event.retraction();
            if (retraction != null && retraction.early()) {
                return;
            }
            var changes = new ArrayList<AttributeChange>();
            var reference = incoming.target();
            if (reference != null) {
                var target = known.get(EventKey.of(event.program(), reference));
                var taken = target == null ? null : target.retraction();
                if (target != null
                        && target.points() != null
                        && taken != null
                        && taken.by().equals(event.reference())) {
                    var rest = counted(key, event, target.key());
                    changes.addAll(Member.restated(Member.with(rest, target), rest));
                }
            }
            if (event.points() != null) {
                var before = counted(key, event, event.key());
                changes.addAll(Member.restated(before, Member.with(before, event)));
            }
            snapshots.add(key);
            records.add(
                    applied(
                            incoming,
                            event,
                            member.kindAfter(
                                    event,
                                    () -> Member.with(counted(key, event, event.key()), event)),
                            changes));
        }

        /** The member's events that count as of {@code event}, without the one named. */
        private List<StoredEvent> counted(String memberKey, StoredEvent event, String without) {
            return histories
                    .computeIfAbsent(
                            memberKey, unused -> events.ofMember(event.program(), event.member()))
                    .stream()
                    .filter(it -> !it.key().equals(without) && !it.key().equals(event.key()))
                    .filter(it -> !it.position().isAfter(event.position()))
                    .filter(it -> !retractions.containsKey(it.key()))
                    .filter(it -> {
                        var retraction = it.retraction();
                        return retraction == null
                                || !retraction.early()
                                        && retraction.position().isAfter(event.position());
                    })
                    .toList();
        }

        private ProducerRecord<byte[], byte[]> applied(
                Incoming incoming,
                StoredEvent event,
                MemberKind kind,
                List<AttributeChange> derived) {
            var properties = incoming.forwarded();
            if (properties == null) {
                var json = event.forwarded();
                properties = Declarations.parse(json == null ? event.properties() : json);
            }
            var changes =
                    Stream.concat(
                                    event.declared().stream()
                                            .filter(it -> it.scope() == Declared.Scope.PUBLIC)
                                            .map(it -> change(it, event)),
                                    derived.stream())
                            .toList();
            var record =
                    new MemberRecord.EventApplied(
                            event.program(),
                            event.member(),
                            kind,
                            event.source(),
                            event.id(),
                            event.type(),
                            event.occurredAt(),
                            event.receivedAt(),
                            properties,
                            changes,
                            event.replaces(),
                            event.importId());
            return new ProducerRecord<>(
                    Topics.MEMBER_EVENTS,
                    incoming.record().partition(),
                    event.receivedAt().toEpochMilli(),
                    memberKey(event).getBytes(StandardCharsets.UTF_8),
                    Json.bytes(record),
                    CloudEventHeaders.of(
                            event.key(),
                            SOURCE,
                            MemberRecord.TYPE_PREFIX + "event.v1",
                            event.receivedAt()));
        }

        private void noteOutcomes() {
            var refusals = new LinkedHashMap<String, Refusal>();
            var duplicates = new ArrayList<String>();
            var counted = new ArrayList<ImportCounts.Counted>();
            for (var incoming : all) {
                var event = incoming.event();
                if (event == null) {
                    continue;
                }
                var key = EventKey.of(event.program(), event.reference());
                var refusal = incoming.refusal();
                if (refusal != null) {
                    refusals.put(key, refusal);
                } else if (incoming.isDuplicate()) {
                    duplicates.add(key);
                }
                var importId = event.importId();
                if (importId != null) {
                    counted.add(
                            new ImportCounts.Counted(
                                    event.program(),
                                    importId,
                                    incoming.position(),
                                    fate(incoming)));
                }
            }
            outcomes.note(refusals, duplicates, now);
            imports.count(counted);
        }

        private static ImportCounts.Fate fate(Incoming incoming) {
            if (incoming.refusal() != null) {
                return ImportCounts.Fate.REFUSED;
            }
            return incoming.isDuplicate()
                    ? ImportCounts.Fate.DUPLICATE
                    : ImportCounts.Fate.ACCEPTED;
        }

        private void send() {
            records.forEach(output::send);
            for (var key : snapshots) {
                output.send(snapshot(key, Objects.requireNonNull(working.get(key))));
            }
            for (var incoming : all) {
                var refusal = incoming.refusal();
                if (refusal != null && refusal.reason() != Refusal.Reason.EDIT_STALE) {
                    output.send(deadLetter(incoming, refusal));
                }
                metrics.count(incoming);
            }
        }

        private ProducerRecord<byte[], byte[]> snapshot(String key, Member member) {
            var profile = member.snapshot();
            return new ProducerRecord<>(
                    Topics.MEMBER_PROFILES,
                    null,
                    now.toEpochMilli(),
                    key.getBytes(StandardCharsets.UTF_8),
                    Json.bytes(profile),
                    CloudEventHeaders.of(
                            key + ":" + profile.version(),
                            SOURCE,
                            "io.clientele.member-profile.v1",
                            now));
        }

        private ProducerRecord<byte[], byte[]> deadLetter(Incoming incoming, Refusal refusal) {
            var event = incoming.event();
            return DeadLetters.of(
                    incoming.record(),
                    event == null ? null : event.program(),
                    event == null ? null : event.reference(),
                    refusal.reason().code(),
                    refusal.detail(),
                    now);
        }

        private static String memberKey(ReceivedEvent event) {
            return MemberRepository.key(event.program(), Objects.requireNonNull(event.member()));
        }

        private static String memberKey(StoredEvent event) {
            return MemberRepository.key(event.program(), event.member());
        }
    }
}
