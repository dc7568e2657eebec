package io.clientele.profile;

import io.clientele.common.json.Json;
import io.clientele.common.kafka.CloudEventHeaders;
import io.clientele.contracts.EventReference;
import io.clientele.contracts.Identity;
import io.clientele.contracts.MemberId;
import io.clientele.contracts.ProgramId;
import io.clientele.contracts.ReceivedEvent;
import io.clientele.contracts.Topics;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Builds received events. Immutable. */
public record Events(
        ProgramId program,
        String source,
        String id,
        String type,
        @Nullable String member,
        @Nullable Identity identity,
        Instant occurredAt,
        Map<String, Object> properties,
        @Nullable EventReference replaces,
        @Nullable String importId) {
    /** When all of them were received, unless said otherwise. */
    public static final Instant RECEIVED = Instant.parse("2026-11-01T12:00:00Z");

    /** An event of program {@code demo} and source {@code test}. */
    public static Events event(String id, String type) {
        return new Events(
                new ProgramId("demo"),
                "test",
                id,
                type,
                null,
                null,
                Instant.parse("2026-11-01T10:00:00Z"),
                Map.of(),
                null,
                null);
    }

    /** A purchase of {@code amount}. */
    public static Events purchase(String id, String member, Number amount) {
        return event(id, "purchase").of(member).with(Map.of("amount", amount));
    }

    public Events of(String who) {
        return new Events(
                program,
                source,
                id,
                type,
                who,
                identity,
                occurredAt,
                properties,
                replaces,
                importId);
    }

    public Events in(String otherProgram) {
        return new Events(
                new ProgramId(otherProgram),
                source,
                id,
                type,
                member,
                identity,
                occurredAt,
                properties,
                replaces,
                importId);
    }

    public Events known(String identityType, String value) {
        return new Events(
                program,
                source,
                id,
                type,
                member,
                new Identity(identityType, value),
                occurredAt,
                properties,
                replaces,
                importId);
    }

    public Events at(String instant) {
        return new Events(
                program,
                source,
                id,
                type,
                member,
                identity,
                Instant.parse(instant),
                properties,
                replaces,
                importId);
    }

    public Events with(Map<String, Object> said) {
        return new Events(
                program, source, id, type, member, identity, occurredAt, said, replaces, importId);
    }

    public Events replacing(String otherId) {
        return new Events(
                program,
                source,
                id,
                type,
                member,
                identity,
                occurredAt,
                properties,
                new EventReference(source, otherId),
                importId);
    }

    public Events imported(String job) {
        return new Events(
                program, source, id, type, member, identity, occurredAt, properties, replaces, job);
    }

    /** As ingestion writes it. */
    public ReceivedEvent received() {
        return new ReceivedEvent(
                program,
                source,
                id,
                type,
                member == null ? null : new MemberId(member),
                identity,
                occurredAt,
                RECEIVED,
                properties,
                replaces,
                importId);
    }

    /** The record ingestion writes. */
    public ProducerRecord<String, byte[]> record() {
        var known = identity;
        var key =
                member != null || known == null
                        ? program + ":" + member
                        : program + ":" + known.type() + ":" + known.value();
        return new ProducerRecord<>(
                Topics.MEMBER_EVENTS_RECEIVED,
                null,
                RECEIVED.toEpochMilli(),
                key,
                Json.bytes(received()),
                CloudEventHeaders.of(
                        program + ":" + source + ":" + id,
                        "/clientele/ingestion",
                        "io.clientele.event.received.v1",
                        RECEIVED));
    }
}
