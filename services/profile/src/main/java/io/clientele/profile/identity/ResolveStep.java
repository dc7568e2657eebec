package io.clientele.profile.identity;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.TransactionalLoop;
import io.clientele.contracts.EventTypes;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.RegistryRecord;
import io.clientele.contracts.Topics;
import io.clientele.profile.deadletter.DeadLetters;
import io.clientele.profile.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Resolve: finds the member of each received event and passes the event on under it. Its only write
 * is to give an identity to a member if it has none; who was first stays the owner.
 *
 * <p>An event that names a member and an identity links the identity to the member, if it is free;
 * if it is another's, the member named wins for this event and the identity stays where it was. An
 * identity nobody has seen belongs to a new member. Where the program refuses members nobody has
 * seen, only an enrollment makes one: another event goes on under an id that no member has, and
 * apply refuses it.
 */
public final class ResolveStep implements TransactionalLoop.Step {
    private final IdentityHash hash;
    private final Identities identities;
    private final Registry registry;
    private final Clock clock;
    private final Supplier<MemberId> newMember;

    /**
     * @param hash names identities
     * @param identities their owners
     * @param registry what programs allow
     * @param clock stamps dead letters
     * @param newMember makes ids that no member has
     */
    public ResolveStep(
            IdentityHash hash,
            Identities identities,
            Registry registry,
            Clock clock,
            Supplier<MemberId> newMember) {
        this.hash = hash;
        this.identities = identities;
        this.registry = registry;
        this.clock = clock;
        this.newMember = newMember;
    }

    private record Incoming(
            ConsumerRecord<byte[], byte[]> record, ReceivedEvent event, @Nullable String key) {}

    @Override
    public void process(
            List<ConsumerRecord<byte[], byte[]>> batch, TransactionalLoop.Output output) {
        if (batch.isEmpty()) {
            return;
        }
        var readable = new ArrayList<Incoming>(batch.size());
        var letters = new ArrayList<ProducerRecord<byte[], byte[]>>();
        for (var record : batch) {
            try {
                var event = read(record);
                var identity = event.identity();
                readable.add(
                        new Incoming(
                                record,
                                event,
                                identity == null ? null : hash.keyOf(event.program(), identity)));
            } catch (RuntimeException e) {
                letters.add(
                        DeadLetters.of(
                                record,
                                null,
                                null,
                                "unreadable",
                                "expected an event as ingestion writes it",
                                clock.instant()));
            }
        }
        var owners = owners(readable);
        for (var incoming : readable) {
            output.send(resolved(incoming, owners));
        }
        letters.forEach(output::send);
    }

    /** The owners of the identities of all events, those that come first in the batch before. */
    private Map<String, MemberId> owners(List<Incoming> events) {
        var keys = events.stream().map(Incoming::key).filter(it -> it != null).distinct().toList();
        if (keys.isEmpty()) {
            return Map.of();
        }
        var owners = new HashMap<>(identities.find(keys));
        var wanted = new LinkedHashMap<String, MemberId>();
        for (var incoming : events) {
            var key = incoming.key();
            if (key != null && !owners.containsKey(key) && !wanted.containsKey(key)) {
                var named = incoming.event().member();
                if (named != null) {
                    wanted.put(key, named);
                } else if (createsMember(incoming.event())) {
                    wanted.put(key, newMember.get());
                }
            }
        }
        owners.putAll(identities.claim(wanted));
        return owners;
    }

    private boolean createsMember(ReceivedEvent event) {
        return event.type().equals(EventTypes.ENROLLMENT) || createsMembers(event.program());
    }

    private boolean createsMembers(ProgramId program) {
        return registry.program(program)
                .map(it -> it.unknownMembers() == RegistryRecord.UnknownMembers.CREATE)
                .orElse(true);
    }

    private ProducerRecord<byte[], byte[]> resolved(
            Incoming incoming, Map<String, MemberId> owners) {
        var event = incoming.event();
        var named = event.member();
        var key = incoming.key();
        var owner = key == null ? null : owners.get(key);
        MemberId member;
        Resolution resolution;
        byte[] value = incoming.record().value();
        if (named != null) {
            member = named;
            resolution =
                    owner == null || owner.equals(named)
                            ? Resolution.NAMED
                            : Resolution.NAMED_IDENTITY_TAKEN;
        } else {
            member = owner != null ? owner : newMember.get();
            resolution = Resolution.IDENTITY;
            value =
                    Json.bytes(
                            new ReceivedEvent(
                                    event.program(),
                                    event.source(),
                                    event.id(),
                                    event.type(),
                                    member,
                                    event.identity(),
                                    event.occurredAt(),
                                    event.receivedAt(),
                                    event.properties(),
                                    event.replaces(),
                                    event.importId()));
        }
        var headers = new RecordHeaders(incoming.record().headers().toArray());
        ResolutionHeader.write(headers, resolution);
        return new ProducerRecord<>(
                Topics.MEMBER_EVENTS_RESOLVED,
                null,
                event.receivedAt().toEpochMilli(),
                (event.program() + ":" + member).getBytes(StandardCharsets.UTF_8),
                value,
                headers);
    }

    private static ReceivedEvent read(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            throw new IllegalArgumentException("a record without a value");
        }
        var event = Json.read(value, ReceivedEvent.class);
        // What goes into keys must survive every encoding.
        for (var name : List.of(event.source(), event.id(), event.type())) {
            if (name.isEmpty()
                    || name.length() > 128
                    || name.chars().anyMatch(c -> Character.isISOControl(c))
                    || !IdentityHash.isWritable(name)) {
                throw new IllegalArgumentException("a name that is not 1 to 128 characters");
            }
        }
        var identity = event.identity();
        if (identity != null && !IdentityHash.isWritable(identity.type() + identity.value())) {
            throw new IllegalArgumentException("an identity that no encoding can hold");
        }
        if (event.member() == null) {
            // It will be written again, with its member: what cannot be is found out now.
            byte[] unused = Json.bytes(event);
        }
        return event;
    }
}
